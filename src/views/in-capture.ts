import type { Finding } from '../report.js';

/** Which of several captures the numbers of a finding are of, and which others show it: " in client.pcap (also in server.pcap)". */
export function inCapture({ captures: [first, ...others] = [] }: Finding): string {
  if (first === undefined) return '';
  return others.length === 0 ? ` in ${first}` : ` in ${first} (also in ${others.join(', ')})`;
}
