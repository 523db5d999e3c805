import type { Damage } from '../capture/error.js';
import type { CaptureFacts } from '../capture/past.js';
import { CUT, FRAGMENT, MALFORMED, SKIPPED_AS, UNKNOWN_LINK } from '../decode/skipped.js';
import type { Followed } from '../follow.js';
import type { Hosts } from '../hosts/hosts.js';
import { REMEMBERED } from '../hosts/memory/first.js';
import { MOST_NAMES } from '../hosts/memory/first-names.js';
import { bytesText, countText, listText } from '../hosts/wording.js';
import type { Caveat } from '../report.js';
import type { Counts } from './counts.js';
import { seams } from './seams.js';

/** What limits trust in this capture, in the order of how much. */
export function caveatsOf(
  { quality, isCrowded }: Hosts,
  capture: CaptureFacts,
  { packets, evicted, unfollowed }: Followed,
  leftOut: Counts,
): Caveat[] {
  const { missedBytes, oneSided, midstream, copies, oversized, forgotten, flows } = quality;
  const say = (id: string, count: number, sentence: string): Caveat[] => (count > 0 ? [{ id, sentence }] : []);
  const dropped = capture.files.reduce((sum, file) => sum + file.dropped, 0);
  const unknown = packets[UNKNOWN_LINK] ?? 0;
  return [
    ...capture.damage.map((damage) => ({ id: 'capture-damaged', sentence: damageText(damage) })),
    ...seams(capture.files),
    ...say(
      'capture-dropped-packets',
      dropped,
      `The capturing host dropped ${countText(dropped, 'packet')}: what looks lost may only be missing here.`,
    ),
    ...say(
      'capture-missed-bytes',
      missedBytes,
      `${bytesText(missedBytes)} were acknowledged that are not in the capture: it misses packets that did arrive.`,
    ),
    ...say('capture-snaplen', packets[CUT] ?? 0, `${countText(packets[CUT] ?? 0, 'packet')} cut so short that not even the TCP header is there.`),
    ...say('capture-unknown-link', unknown, `${countText(unknown, 'frame')} of a link type that is not understood.`),
    ...say('capture-malformed', packets[MALFORMED] ?? 0, `${countText(packets[MALFORMED] ?? 0, 'packet')} whose headers contradict themselves.`),
    ...say('capture-fragments', packets[FRAGMENT] ?? 0, `${countText(packets[FRAGMENT] ?? 0, 'IP fragment')} held back until the rest arrived.`),
    ...say(
      'capture-one-direction',
      oneSided.count,
      `Of ${countText(oneSided.count, 'conversation')} only one direction was captured: nothing is said about the other end.`,
    ),
    ...say(
      'capture-midstream',
      midstream.count,
      `${countText(midstream.count, 'conversation')} began before the capture: window scale and options are unknown.`,
    ),
    ...say(
      'capture-copies',
      copies,
      `${countText(copies, 'packet')} captured more than once (several interfaces, or a mirror port); copies are left out.`,
    ),
    ...say('capture-offload', oversized.count, 'Segments larger than the MSS: captured before the network card cut them, or after it joined them.'),
    ...say('capture-bounded', evicted + unfollowed, boundedText(evicted, unfollowed)),
    ...say(
      'capture-many-hosts',
      isCrowded ? MOST_NAMES : 0,
      `More than ${MOST_NAMES} hosts: what the conversations of one host say together is known of those that came first only.`,
    ),
    ...say(
      'capture-many-conversations',
      flows > REMEMBERED ? flows : 0,
      `More than ${REMEMBERED} conversations: when others of the same host went on is known of the first ones only.`,
    ),
    ...say(
      'capture-crowded',
      leftOut.all.length,
      `Too many conversations had something to tell; more are only counted: ${listText(leftOutText(leftOut))}.`,
    ),
    ...say(
      'capture-folded',
      forgotten,
      `${countText(forgotten, 'noted segment')} in the middle of long conversations: counted, but not shown one by one.`,
    ),
  ];
}

function boundedText(evicted: number, unfollowed: number): string {
  const left = [
    ...(evicted > 0 ? [`${countText(evicted, 'conversation')} given up`] : []),
    ...(unfollowed > 0 ? [`${countText(unfollowed, 'packet')} of conversations without room left out`] : []),
  ];
  return `${listText(left)} to stay within the bounds that --max-flows and --max-memory set.`;
}

function leftOutText({ all }: Counts): string[] {
  return all.map(([pattern, count]) => `${count} with ${pattern}`);
}

function damageText({ file, what, offset, unread }: Damage): string {
  if (file === '') return `${what}.`;
  const rest = unread === undefined || unread === 0 ? '' : `, ${countText(unread, 'byte')} unread`;
  return `${file}: ${what} (at byte ${offset}${rest}).`;
}

/** Frames without a TCP segment, by what they were. */
export function skippedByName(packets: readonly number[]): Record<string, number> {
  return Object.fromEntries(SKIPPED_AS.map((name, kind) => [name, packets[kind] ?? 0] as const).filter(([, count], kind) => kind > 0 && count > 0));
}
