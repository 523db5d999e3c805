import type { CounterReading } from './parse.js';
import { SENTENCES } from './sentences.js';

/**
 * `netstat -s`: sentences for people below a heading. Newer counters stand there by name ("TCPKeepAlive: 62"), older ones by sentences that
 * are known here for IP and TCP. Another language has no sentence in common: all its lines about them count as not understood.
 */
export function parseNetstatText(text: string): CounterReading {
  const counters = new Map<string, number>();
  let unknown = 0;
  let group = '';
  const lines = text.split('\n');
  for (const [i, line] of lines.entries()) {
    const heading = /^(\w+):\s*$/.exec(line)?.[1];
    if (heading !== undefined) group = heading;
    else if (line.trim() !== '') {
      const found = i === lines.length - 1 ? undefined : counterOf(group, line.trim());
      if (found !== undefined) counters.set(...found);
      else if (group in SENTENCES || group === '') unknown++;
    }
  }
  return { counters, unknown, omitsZeros: true };
}

function counterOf(group: string, line: string): [name: string, count: number] | undefined {
  const [, name, count] = /^([A-Z]\w*): (\d+)$/.exec(line) ?? [];
  if (name !== undefined) return [group + name, Number(count)];
  const number = /(?<![\d.,])\d+(?![\d.,])/.exec(line)?.[0];
  const known = number && SENTENCES[group]?.[line.replace(number, 'N')];
  return known ? [group + known, Number(number)] : undefined;
}
