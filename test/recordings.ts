import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One recording of captures/: a folder named by topic and plot. */
export interface Recording {
  /** <topic>/<plot> */
  name: string;
  folder: string;
  /** File names of its captures. */
  captures: string[];
}

export const CAPTURES: string = join(fileURLToPath(import.meta.url), '..', '..', 'captures');

export function recordings(): Recording[] {
  const topics = readdirSync(CAPTURES, { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== 'lab');
  return topics.flatMap((topic) =>
    readdirSync(join(CAPTURES, topic.name)).map((plot) => {
      const folder = join(CAPTURES, topic.name, plot);
      return {
        name: `${topic.name}/${plot}`,
        folder,
        captures: readdirSync(folder)
          .filter((file) => file.endsWith('.pcap'))
          .toSorted(),
      };
    }),
  );
}

/** What the kernel itself reported, as far as the tests use it. */
export interface Truth {
  timeline?: { t: number; side: string; src: string; dst: string; old: string; new: string }[];
  captures?: { file: string; vantage: string; started?: number; stopped?: number }[];
  nstat?: Record<string, Record<string, number>>;
  sysctl_tcp?: Record<string, string>;
  /** The lab's name for the plot. */
  scenario?: string;
  /** Of each side, by its first letter. */
  addresses?: Record<string, string>;
  addresses6?: Record<string, string> | null;
  /** `ss -tanoi` at a few moments, of each side by its first letter. */
  ss?: Record<string, { t: number } & Record<string, string | number>>;
}

export function truthOf({ folder }: Recording): Truth {
  return JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as Truth;
}

/** The letter that truth.json has for the host where a capture was made. */
export function sideOf(vantage: string): string {
  return vantage === 'client2' ? 'd' : (vantage[0] ?? '');
}

export function vantageOf(truth: Truth, file: string): string | undefined {
  return truth.captures?.find((capture) => basename(capture.file) === file)?.vantage;
}
