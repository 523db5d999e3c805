import type { CounterReading } from './parse.js';

/** /proc/net/netstat and /proc/net/snmp: a line of names, then a line of as many numbers. Lines of /proc/net/snmp6 may follow. */
export function parseProcNet(text: string): CounterReading {
  const counters = new Map<string, number>();
  let unknown = 0;
  const lines = text.split('\n');
  const isCut = lines.at(-1) !== '';
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (line.trim() === '') continue;
    const single = SINGLE.exec(line);
    const isLast = i >= lines.length - 2;
    if (single?.[1] !== undefined && !(isCut && i === lines.length - 1)) {
      counters.set(single[1], Number(single[2]));
      continue;
    }
    const [group = '', ...names] = line.split(/\s+/);
    const [sameGroup, ...counts] = (lines[i + 1] ?? '').split(/\s+/);
    const isPair = group.endsWith(':') && group === sameGroup && names.length === counts.length && counts.every((count) => /^-?\d+$/.test(count));
    if (!isPair || (isCut && isLast)) {
      unknown++;
      continue;
    }
    for (const [k, name] of names.entries()) counters.set(group.slice(0, -1) + name, Number(counts[k]));
    i++;
  }
  return { counters, unknown, omitsZeros: false };
}

const SINGLE = /^([A-Z][A-Za-z]*6\w+)\s+(\d+)\s*$/;
