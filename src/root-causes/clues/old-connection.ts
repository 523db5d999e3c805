import { ACK, RST } from '../../decode/flags.js';
import { distance } from '../../decode/sequence.js';
import { durationText } from '../../hosts/wording.js';
import type { synStrangelyAnswered } from '../../patterns/connecting/syn-strangely-answered.js';
import type { EvidenceOf } from '../../patterns/pattern.js';
import type { Story } from '../../patterns/story.js';
import type { Weight } from '../cause.js';

/** What an ACK in answer to a SYN tells of the connection that its sender remembers. */
export interface OldConnection {
  /** How many ticks the SYN's timestamp is ahead of the one that the ACK echoes; undefined when one of them carries none. */
  readonly ticksAhead: number | undefined;
  /** The SYN's sequence number lies beyond all that the old connection has received. */
  readonly startsBeyond: boolean;
  /** The ACK's IP ID follows those of the old connection: the same socket counts on. Undefined when that is not in the capture. */
  readonly countsOn: boolean | undefined;
  /** The answering end had sent its FIN. */
  readonly wasClosed: boolean;
}

/** So many segments of the old connection may have escaped the capture. */
const MOST_MISSED = 16;

/** Undefined when the SYN got no ACK out of place. */
export function oldConnectionOf({ client, server, flow }: Story): OldConnection | undefined {
  const [syn] = client.syns;
  if (syn === undefined) return undefined;
  const isStrange = (ack: number): boolean => ack !== ((syn.seq + 1) | 0) && ack !== ((syn.seq + 1 + syn.length) | 0);
  const answer = server.moments.find(({ flags, ack }) => flags & ACK && !(flags & RST) && isStrange(ack));
  if (answer === undefined) return undefined;
  const areStamped = syn.hasTimestamps && answer.hasTimestamps && answer.tsecr !== 0;
  const before = flow.previous?.twinOf(server.endpoint);
  const sent = before?.transmissions;
  const lastId = sent === undefined || sent.end <= sent.oldest ? 0 : sent.ipIdOf(sent.end - 1);
  const step = (answer.ipId - lastId) & 0xffff;
  return {
    ticksAhead: areStamped ? distance(syn.tsval, answer.tsecr) : undefined,
    startsBeyond: distance(syn.seq, answer.ack) > 0,
    countsOn: lastId <= 0 || answer.ipId <= 0 ? undefined : step > 0 && step <= MOST_MISSED,
    wasClosed: before?.hasFin === true,
  };
}

/** What is left of a connection when only a mini-socket remembers it. */
function isMiniSocket(state: string): boolean {
  return state === 'TIME_WAIT' || state === 'FIN_WAIT2';
}

/** Whether a full socket stands behind a state, as far as the capture tells. */
export function isLive(state: string): boolean {
  return ['ESTABLISHED', 'CLOSE_WAIT', 'FIN_WAIT1', 'CLOSING', 'LAST_ACK'].includes(state);
}

/** What speaks for and against a mini-socket (TIME_WAIT, FIN_WAIT2) having answered the SYN. Undefined when it cannot have. */
export function miniSocketAnswered(evidence: EvidenceOf<typeof synStrangelyAnswered>): Required<Omit<Weight, 'where' | 'facts'>> | undefined {
  const { kind, hasNoIdentity, previous, clientReset, connected, delay } = evidence;
  const wasLive = previous !== undefined && isLive(previous.state);
  if (kind === 'SYN-ACK' || hasNoIdentity === false || previous?.state === 'SYN_RECV') return undefined;
  if (wasLive && hasNoIdentity === undefined && previous.isWhole) return undefined;
  const because: string[] = [];
  const against: string[] = [];
  if (hasNoIdentity) because.push('the ACK has IP ID 0: a mini-socket sent it, no full socket');
  if (previous?.fits)
    because.push(`it repeats the last numbers of stream ${previous.stream}, which ended ${durationText(previous.age)} before the SYN`);
  const wasWaiting = previous !== undefined && isMiniSocket(previous.state);
  if (wasWaiting) because.push(`that connection had left the server in ${previous.state}`);
  if (clientReset && connected) because.push(`the client's reset ended it: the next SYN was accepted, ${durationText(delay)} after the first`);
  if (previous === undefined) against.push('the old connection is not in the capture');
  if (wasLive) against.push(`as far as the capture tells, the server still had it in ${previous.state}`);
  const isOrphan = previous?.state === 'FIN_WAIT2' && hasNoIdentity === undefined; // or a socket that has only shut down its direction
  if (wasWaiting && previous.fits) return { certainty: isOrphan ? 'likely' : 'certain', because, against };
  return { certainty: hasNoIdentity ? 'likely' : 'possible', because, against };
}
