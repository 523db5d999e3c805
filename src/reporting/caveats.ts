import type { Capture } from '../capture/capture.js';
import type { Damage } from '../capture/error.js';
import { CUT, FRAGMENT, MALFORMED, SKIPPED_AS, UNKNOWN_LINK } from '../decode/skipped.js';
import type { Followed } from '../follow.js';
import type { Flow } from '../flow/flow.js';
import { bytesText, countText } from '../hosts/wording.js';
import type { Caveat } from '../report.js';

/** What flows say about the capture itself, gathered while they come in. */
export class CaptureQuality {
  private flows = 0;
  private midstream = 0;
  private oneSided = 0;
  private copies = 0;
  private superSegments = 0;
  private missedBytes = 0;
  private forgotten = 0;

  learn(flow: Flow): void {
    const { first, second } = flow;
    this.flows++;
    if (!first.hasSyn && !second.hasSyn) this.midstream++;
    const isOneSided = (one: typeof first, other: typeof first): boolean => one.segments >= 3 && other.segments === 0 && one.rcvNxt !== 0 && one.hasRcvNxt;
    if (isOneSided(first, second) || isOneSided(second, first)) this.oneSided++;
    this.copies += flow.captureCopies;
    this.missedBytes += first.missedBytes + second.missedBytes;
    for (const end of [first, second]) {
      const mss = flow.peer(end).mss;
      if (mss > 0 && (end.pace?.largest ?? 0) > mss) this.superSegments++;
    }
    this.forgotten += flow.timeline.forgotten;
  }

  /** In the order of how much they limit. */
  caveats(capture: Capture, { frames, evicted }: Followed): Caveat[] {
    const say = (id: string, count: number, sentence: string): Caveat[] => (count > 0 ? [{ id, sentence }] : []);
    const dropped = capture.files.reduce((sum, file) => sum + file.dropped, 0);
    const unknown = frames[UNKNOWN_LINK] ?? 0;
    return [
      ...capture.damage.map((damage) => ({ id: 'capture-damaged', sentence: damageText(damage) })),
      ...say('capture-dropped-packets', dropped, `The capturing host dropped ${countText(dropped, 'packet')}: what looks lost may only be missing here.`),
      ...say('capture-missed-bytes', this.missedBytes, `${bytesText(this.missedBytes)} were acknowledged that are not in the capture: it misses packets that did arrive.`),
      ...say('capture-snaplen', frames[CUT] ?? 0, `${countText(frames[CUT] ?? 0, 'packet')} cut so short that not even the TCP header is there.`),
      ...say('capture-unknown-link', unknown, `${countText(unknown, 'frame')} of a link type that is not understood.`),
      ...say('capture-malformed', frames[MALFORMED] ?? 0, `${countText(frames[MALFORMED] ?? 0, 'packet')} whose headers contradict themselves.`),
      ...say('capture-fragments', frames[FRAGMENT] ?? 0, `${countText(frames[FRAGMENT] ?? 0, 'IP fragment')} held back until the rest arrived.`),
      ...say('capture-one-direction', this.oneSided, `Of ${countText(this.oneSided, 'conversation')} only one direction was captured: nothing is said about the other end.`),
      ...say('capture-midstream', this.midstream, `${countText(this.midstream, 'conversation')} began before the capture: window scale and options are unknown.`),
      ...say('capture-copies', this.copies, `${countText(this.copies, 'packet')} captured more than once (several interfaces, or a mirror port); copies are left out.`),
      ...say('capture-offload', this.superSegments, 'Segments larger than the MSS: captured before the network card cut them, or after it joined them.'),
      ...say('capture-bounded', evicted, `${countText(evicted, 'conversation')} given up to stay within --max-flows.`),
      ...say('capture-folded', this.forgotten, `${countText(this.forgotten, 'moment')} in the middle of long conversations left out.`),
    ];
  }
}

function damageText({ file, what, offset, unread }: Damage): string {
  if (file === '') return `${what}.`;
  const rest = unread === undefined || unread === 0 ? '' : `, ${countText(unread, 'byte')} unread`;
  return `${file}: ${what} (at byte ${offset}${rest}).`;
}

/** Frames without a TCP segment, by what they were. */
export function skippedByName(frames: readonly number[]): Record<string, number> {
  return Object.fromEntries(SKIPPED_AS.map((name, kind) => [name, frames[kind] ?? 0] as const).filter(([, count], kind) => kind > 0 && count > 0));
}
