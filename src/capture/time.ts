/** `nanoseconds` after `epoch`, in seconds since 1970; written without floating point, which cannot hold that many digits. */
export function secondsText(epoch: number, nanoseconds: number): string {
  const seconds = Math.floor(nanoseconds / 1e9);
  const rest = Math.floor(nanoseconds - seconds * 1e9);
  return `${epoch + seconds}.${String(rest).padStart(9, '0')}`;
}

/** Seconds since 1970 as a date (ISO 8601); as they are, where a damaged clock goes beyond what a calendar has. */
export function dateText(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? `second ${seconds} since 1970` : date.toISOString();
}
