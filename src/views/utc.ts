/** Seconds since 1970 as "2026-11-21 08:31:00.123456 UTC". */
export function utc(seconds: string): string {
  const [whole = '0', fraction = ''] = seconds.split('.');
  const date = new Date(Number(whole) * 1000);
  if (Number.isNaN(date.getTime())) return `second ${whole}`;
  return `${date.toISOString().slice(0, 19).replace('T', ' ')}.${fraction.slice(0, 6)} UTC`;
}
