import type { CounterReading } from './parse.js';

/** `TcpExtListenOverflows   214   0.0` a line, JSON with -j, and /proc/net/snmp6, which has no third column. */
export function parseNstat(text: string): CounterReading {
  const counters = new Map<string, number>();
  let unknown = 0;
  if (text.trimStart().startsWith('{')) return parseJson(text);
  const lines = text.split('\n');
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [, name, count] = LINE.exec(line) ?? [];
    // The digits of a last line without its end may have been cut.
    if (name === undefined || i === lines.length - 1) unknown++;
    else counters.set(name, Number(count));
  }
  return { counters, unknown, omitsZeros: ![...counters.values()].includes(0) };
}

const LINE = /^([A-Za-z]\w*)\s+(-?\d+)(?:\s+[\d.]+)?\s*$/;

function parseJson(text: string): CounterReading {
  try {
    const { kernel = {} } = JSON.parse(text) as { kernel?: Record<string, unknown> };
    const numbers = Object.entries(kernel).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
    const counters = new Map(numbers);
    return { counters, unknown: Object.keys(kernel).length - counters.size, omitsZeros: ![...counters.values()].includes(0) };
  } catch {
    return { counters: new Map(), unknown: text.split('\n').length, omitsZeros: true };
  }
}
