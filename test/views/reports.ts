import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { analyze } from '../../src/index.js';
import type { Report } from '../../src/report.js';
import { html } from '../../src/views/html.js';

const CAPTURES = join(fileURLToPath(import.meta.url), '..', '..', '..', 'captures');

/** Five recordings that between them show everything a report can. */
export const SHOWN: readonly string[] = [
  'handshake/final-ack-reset-because-accept-queue-full/server.pcap',
  'handshake/half-open-flood-with-cookies/server.pcap',
  'handshake/syns-ignored-because-tw-recycle-behind-nat/server.pcap',
  'closing/fin-wait1-stalls-behind-zero-window/client.pcap',
  'transfer/two-percent-lost/client.pcap',
];

const made = new Map<string, Promise<Report>>();

/** The report of a recording, with its graphs; made once, for whoever asks. */
export function reportOf(recording: string): Promise<Report> {
  const report = made.get(recording) ?? analyze(join(CAPTURES, recording), { graphs: true });
  made.set(recording, report);
  return report;
}

/** The page of a report. */
export function pageOf(report: Report): string {
  return [...html(report, { width: 100, color: false, ascii: false, top: 5, verbose: false })].join('\n');
}

/** The same report with every text in it changed, also those that only this program writes. */
export function withTexts<Data>(data: Data, change: (text: string) => string): Data {
  if (typeof data === 'string') return change(data) as Data;
  if (Array.isArray(data)) return data.map((item) => withTexts(item, change)) as Data;
  if (data === null || typeof data !== 'object') return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, KEPT.has(key) ? value : withTexts(value, change)])) as Data;
}

/** Words that decide what is drawn. */
const KEPT: ReadonlySet<string> = new Set(['side', 'severity', 'certainty', 'start', 'isLinux']);
