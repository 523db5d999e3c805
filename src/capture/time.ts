/** `nanoseconds` after `epoch`, in seconds since 1970; written without floating point, which cannot hold that many digits. */
export function secondsText(epoch: number, nanoseconds: number): string {
  const seconds = Math.floor(nanoseconds / 1e9);
  const rest = Math.floor(nanoseconds - seconds * 1e9);
  return `${epoch + seconds}.${String(rest).padStart(9, '0')}`;
}
