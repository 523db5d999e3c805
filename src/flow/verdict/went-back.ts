import { FIN, PSH, SYN } from '../../decode/flags.js';
import type { Segment } from '../../decode/segment.js';
import type { Endpoint } from '../endpoint.js';
import type { Transmissions } from './transmissions.js';

/** TCP_RTO_MIN, less what clocks and paths vary; nanoseconds. */
const SILENCE = 150e6;

/**
 * The segment leaves a hole, and its IP ID follows that of the segment before it, which came after a silence: nothing was sent between the two.
 * So what is missing had been sent before both, and the sender had gone back to its first unacknowledged byte when its timer fired, though the
 * first copy of that byte is missing as well. The new data beyond the hole asks whether the timer was right (F-RTO, RFC 5682 section 2.1).
 * Without an IP ID the segment before the silence has to tell that its sender did not fall silent by itself.
 */
export function hasGoneBack(segment: Segment, { transmissions, sndNxt }: Endpoint): boolean {
  const last = transmissions.end - 1;
  if (last <= transmissions.oldest || transmissions.endOf(last) !== sndNxt || transmissions.seqOf(last) === sndNxt) return false;
  const ipId = transmissions.ipIdOf(last);
  const isSo = segment.ipId > 0 ? ipId !== 0 && segment.ipId === ((ipId + 1) & 0xffff) : hadMoreToSend(transmissions, last - 1);
  return isSo && transmissions.timeOf(last) - transmissions.timeOf(last - 1) > SILENCE;
}

/** The last segment of what an application has written carries PSH (RFC 9293 section 3.9.1.2). */
function hadMoreToSend(transmissions: Transmissions, position: number): boolean {
  return transmissions.seqOf(position) !== transmissions.endOf(position) && !(transmissions.flagsOf(position) & (PSH | SYN | FIN));
}
