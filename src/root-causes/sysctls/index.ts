import { closing } from './closing.js';
import { congestion } from './congestion.js';
import { connecting } from './connecting.js';
import { doubtfulSegments } from './doubtful-segments.js';
import { elsewhere } from './elsewhere.js';
import { givingUp } from './giving-up.js';
import { memory } from './memory.js';
import { negotiating } from './negotiating.js';
import { noSysctls } from './no-sysctls.js';
import { path } from './path.js';
import { recovering } from './recovering.js';
import { segmentSize } from './segment-size.js';
import type { Sysctl } from './sysctl.js';
import { tracking } from './tracking.js';

/** Settings by topic; the order is that of a connection's life. */
export const sysctlTopics: readonly { readonly title: string; readonly sysctls: readonly Sysctl[] }[] = [
  { title: 'Connecting', sysctls: connecting },
  { title: 'Agreed on in the handshake', sysctls: negotiating },
  { title: 'Buffers and windows', sysctls: memory },
  { title: 'Congestion', sysctls: congestion },
  { title: 'After a loss', sysctls: recovering },
  { title: 'Segment size', sysctls: segmentSize },
  { title: 'Segments that do not fit', sysctls: doubtfulSegments },
  { title: 'Giving up', sysctls: givingUp },
  { title: 'Closing', sysctls: closing },
  { title: 'Below TCP', sysctls: path },
  { title: 'Connection tracking, NAT, IPVS', sysctls: tracking },
  { title: 'In many guides, but not of TCP', sysctls: elsewhere },
  { title: 'No sysctls, but taken for some', sysctls: noSysctls },
];

/** Every setting that advice about TCP on Linux mentions, also those that do not exist any more. */
export const sysctls: readonly Sysctl[] = sysctlTopics.flatMap((topic) => topic.sysctls);

/**
 * The page of a setting, by its whole name or the last part of it, with dots or slashes, also as a path below /proc/sys.
 * Settings of one interface are those of all of them.
 */
export function sysctlNamed(name: string): Sysctl | undefined {
  const wanted = name
    .trim()
    .toLowerCase()
    .replace(/^\/proc\/sys\//, '')
    .replaceAll('/', '.')
    .replace(/\.conf\.[^.]+\./, '.conf.all.')
    .replace(/\.neigh\.[^.]+\./, '.neigh.default.');
  return sysctls.find((one) => one.name.toLowerCase() === wanted) ?? sysctls.find((one) => one.name.toLowerCase().endsWith(`.${wanted}`));
}
