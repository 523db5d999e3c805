/** Bytes: "512 B", "1.4 kB", "3.2 MB". */
export function bytesText(bytes: number): string {
  return scaled(bytes, 'B');
}

/** Bits per second: "840 kbit/s". */
export function rateText(bits: number): string {
  return scaled(bits, 'bit/s');
}

function scaled(value: number, unit: string): string {
  for (const [factor, prefix] of PREFIXES) {
    if (Math.abs(value) < factor) continue;
    return `${plain(value / factor)} ${prefix}${unit}`;
  }
  return `${plain(value)} ${unit}`;
}

const PREFIXES = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** Three digits that say something, no trailing zeros. */
function plain(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Minutes. */
const DAY = 24 * 60;

/** A span in seconds: "38 µs", "42.1 ms", "3.06 s", "2 min 5 s", "3 d 4 h". */
export function durationText(seconds: number): string {
  if (seconds === 0) return '0 s';
  const span = Math.abs(seconds);
  if (span < 1e-3) return `${plain(seconds * 1e6)} µs`;
  if (span < 1) return `${plain(seconds * 1e3)} ms`;
  if (span < 120) return `${plain(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 7200) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 2 * DAY) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(minutes / DAY)} d ${Math.floor((minutes % DAY) / 60)} h`;
}

/** "1 segment", "3 segments"; thousands are set apart. */
export function countText(count: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : plural}`;
}

export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
