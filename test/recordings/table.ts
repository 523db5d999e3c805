import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Recording, recordings } from '../recordings.js';

/** What truth.json says of its own making; the recordings of 3.x and 4.x kernels name server and summary instead. */
interface Made {
  kernel?: string;
  description?: string;
  server?: { proc_version?: string };
  summary?: string;
}

/** The table of captures/README.md: a line for each recording. */
export function tableOfRecordings(): string {
  const rows = recordings()
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(row);
  return ['| Plot | Kernel | Captured at | How it was made |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function row({ name, folder, captures }: Recording): string {
  const made = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as Made;
  const kernel = /\d+\.\d+\.\d+/.exec(made.kernel ?? made.server?.proc_version ?? '')?.[0] ?? '?';
  const vantages = captures.map((file) => file.replace('.pcap', '')).join(', ');
  const story = (made.description ?? made.summary ?? '').replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim();
  return `| \`${name}\` | ${kernel} | ${vantages} | ${story.charAt(0).toUpperCase()}${story.slice(1)} |`;
}
