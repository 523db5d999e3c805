/** A line of the kernel's log. */
export interface LogLine {
  readonly message: string;
  /** Seconds since the host was started, where the line says. */
  readonly uptime: number | undefined;
  /** Seconds since 1970, where the line says so beyond doubt: with a UTC offset. */
  readonly time: number | undefined;
}

export interface LogReading {
  readonly lines: readonly LogLine[];
  readonly unknown: number;
}

/** `dmesg` in its formats, and `journalctl -k`. Local time, as `dmesg -T` prints it, is not taken for a time: the zone is unknown. */
export function parseLog(text: string): LogReading {
  const lines: LogLine[] = [];
  let unknown = 0;
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    if (line.length > LONGEST) {
      unknown++;
      continue;
    }
    const [, uptime, plain] = UPTIME.exec(line) ?? [];
    const [, iso, timed] = ISO.exec(line) ?? [];
    const other = LOCAL.exec(line)?.[1] ?? JOURNAL.exec(line)?.[1];
    if (plain !== undefined) lines.push({ message: plain, uptime: Number(uptime), time: undefined });
    else if (timed !== undefined) lines.push({ message: timed, uptime: undefined, time: secondsOf(iso) });
    else if (other !== undefined) lines.push({ message: other, uptime: undefined, time: undefined });
    else unknown++;
  }
  return { lines, unknown };
}

/** Characters: the kernel writes lines of 1024 bytes at most (LOG_LINE_MAX), and what shows them adds a time and a host. */
const LONGEST = 2000;

const UPTIME = /^(?:<\d+>)?\[\s*(\d+\.\d+)\] (.*)$/;
const ISO = /^(?:kern\s*:\w+\s*: )?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[,.]\d+(?:[+-]\d\d:?\d\d|Z)) (?:\S+ kernel: )?(.*)$/;
const LOCAL = /^\[\w{3} \w{3} +\d+ \d\d:\d\d:\d\d \d{4}\] (.*)$/;
const JOURNAL = /^\w{3} \d\d \d\d:\d\d:\d\d \S+ kernel: (.*)$/;

function secondsOf(iso = ''): number | undefined {
  const milliseconds = Date.parse(iso.replace(',', '.').replace(/(\.\d{3})\d*/, '$1'));
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}
