import { FIN, SYN } from '../../decode/flags.js';
import { distance } from '../../decode/sequence.js';
import type { Endpoint } from '../../flow/endpoint.js';
import type { Moment } from '../../flow/timeline.js';
import { KEEP_ALIVE_PROBE } from '../../flow/verdict.js';
import { unansweredAt } from '../../hosts/closing/unanswered.js';
import { bytesText, durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { RESET } from '../signs.js';
import { type Part, resetForm, type Story } from '../story.js';
import { lastHeard } from './last-heard.js';

interface Evidence {
  /** Bytes of the peer that came just before and that this end had not answered. */
  unanswered: number;
  /** Much more than its first buffer holds, so that most of it must have been read; `all` when its window is still as wide as at first. */
  hasRead: 'all' | 'most' | 'unknown';
  /** The client, which need not answer an answer, resets as soon as it has got all of one: it has been woken by it, and has probably read it. */
  mayHaveRead: boolean;
  /** Nanoseconds since the peer's last data; undefined when there was none. */
  sinceData: number | undefined;
  /** Bytes that this end has received at all. */
  received: number;
  /** Nanoseconds that the connection had been silent. */
  silentBefore: number;
  /** This end had sent a FIN just before, in the same instant, or one that got lost. */
  afterOwnFin: 'at once' | 'later' | 'lost' | 'no';
  /** The peer had closed before. */
  afterPeersFin: boolean;
  /** Nothing was ever exchanged after the handshake. */
  neverUsed: boolean;
  /** Data of this end that was not acknowledged yet. */
  unacknowledged: number;
  /** Bytes by which its window is larger in the reset than in its data just before: close() has emptied the receive queue in between. */
  freed: number;
  /** Data of the peer that was still on its way, of what it was sending: not what crosses with the reset of an idle connection. */
  underWay: number;
  /** Keep-alive probes had gone unanswered before. */
  afterProbes: boolean;
  /** At the peer: its probes were answered here, and the reset came just when the next one was due. */
  insteadOfProbe: boolean;
  /** Nanoseconds since the epoch: resets of other flows in the same instant come from the same cause. */
  time: number;
}

/** Nanoseconds: two segments sent by one call. */
const SAME_CALL = 1e6;

/** Nanoseconds: so soon an application acts on what it has read. */
const AT_ONCE = 10e6;

/** So many times the window of its SYN. */
const MUCH_MORE = 2;
const NEARLY_ALL = 0.8;

/** Told of the end that resets. */
export const aborted: Pattern<'aborted', Evidence> = {
  id: 'aborted',
  title: 'Connection aborted with a reset',
  severity: 'warning',
  needs: RESET,
  about: `One end ends an open connection with a reset instead of a FIN: the socket's owner closed it while data was unread, asked for it (SO_LINGER 0), was
    killed, or the kernel ran into a limit. What was still on its way is lost, and the other end gets ECONNRESET.`,
  example: `
    0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> id 1
    0.010 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
    0.010 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 110 ecr 900> id 2
    0.020 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 120 ecr 900> id 3
    0.030 < .  5001:5001(0) ack 1101 win 509   <nop,nop,TS val 920 ecr 120> id 1
    0.031 < R. 5001:5001(0) ack 1101 win 509   <nop,nop,TS val 921 ecr 120> id 2    # aborted
  `,
  recognise(part, story) {
    const reset = part.resets.find((moment) => resetForm(moment, part) === 'active');
    if (reset === undefined || part.endpoint.segments - part.resets.length < 1) return undefined;
    const { endpoint } = part;
    const peer = story.flow.peer(endpoint);
    const { received, unanswered, dataTime } = unansweredAt(endpoint, peer, reset);
    const sinceData = dataTime === undefined ? undefined : reset.time - dataTime;
    const heard = lastHeard(story.other(part), reset);
    const silentBefore = story.pauseBefore(reset);
    const evidence: Evidence = {
      unanswered,
      sinceData,
      mayHaveRead: unanswered > 0 && isReaction(part, story.other(part), sinceData),
      hasRead: readOf(unanswered, reset, endpoint),
      received,
      silentBefore,
      afterOwnFin: ownFin(part.fins, reset, endpoint.sndNxt),
      afterPeersFin: peer.hasFin && peer.finRepeats.first < reset.time,
      neverUsed: endpoint.dataSegments === 0 && peer.dataSegments === 0,
      unacknowledged: unacknowledgedAt(reset, part, story.roundTrip),
      freed: unanswered > 0 ? 0 : freedSinceData(reset, endpoint),
      underWay: silentBefore > 0 ? 0 : underWayTo(part, story.other(part)),
      afterProbes: part.moments.some(({ verdict, time }) => verdict === KEEP_ALIVE_PROBE && time > heard && time < reset.time),
      insteadOfProbe: isWhenProbeWasDue(part, reset, story),
      time: reset.time,
    };
    return { evidence, moments: [reset] };
  },
  tell: ({ sinceData, unanswered, afterOwnFin, neverUsed, silentBefore }) => {
    if (afterOwnFin === 'at once') return 'The connection was closed with a FIN and reset in the same instant.';
    if (neverUsed) return 'The connection was reset before any data was exchanged.';
    if (unanswered > 0 && sinceData !== undefined)
      return `The connection was reset ${durationText(sinceData)} after ${bytesText(unanswered)} had arrived that were never answered.`;
    return `The connection was reset by the end that owns it${silentBefore > 0 ? `, after ${durationText(silentBefore)} of silence` : ''}, instead of being closed with a FIN.`;
  },
};

/** An acknowledgment that cannot have reached it before it sent the reset came too late; none comes sooner than after a round trip. */
function unacknowledgedAt(reset: { frame: number; time: number }, { endpoint, delay }: Part, roundTrip: number): number {
  const { isAcknowledged, sndUna, sndUnaTime, sndNxt, transmissions } = endpoint;
  if (!isAcknowledged) return 0;
  if (sndUnaTime <= reset.time - delay * 2) return Math.max(0, distance(sndNxt, sndUna));
  let bytes = 0;
  for (let position = transmissions.end - 1; position >= transmissions.oldest; position--) {
    if (transmissions.timeOf(position) <= reset.time - roundTrip) break;
    if (transmissions.frameOf(position) < reset.frame) bytes += distance(transmissions.endOf(position), transmissions.seqOf(position));
  }
  return bytes;
}

/** Every segment carries the window that the kernel computes at that moment (tcp_select_window), from the memory that received data leaves. */
function freedSinceData(reset: Moment, { transmissions, scaleInUse }: Endpoint): number {
  const before = transmissions.findLast((position) => transmissions.frameOf(position) < reset.frame);
  if (before === undefined) return 0;
  const isData = transmissions.endOf(before) !== transmissions.seqOf(before) && !(transmissions.flagsOf(before) & (SYN | FIN));
  return isData ? Math.max(0, reset.window - (transmissions.sumsOf(before) >>> 16)) << Math.max(scaleInUse, 0) : 0;
}

/**
 * Unread data takes up room: the window is smaller by as much. A buffer grows only while the application reads (tcp_rcv_space_adjust), so that one
 * that does not read takes in hardly more than the SYN offered, unless SO_RCVBUF is larger.
 */
function readOf(unanswered: number, reset: Moment, { hasSyn, synWindow, scaleInUse, transmissions }: Endpoint): Evidence['hasRead'] {
  if (!hasSyn || scaleInUse < 0 || unanswered <= synWindow * MUCH_MORE) return 'unknown';
  const last = transmissions.findLast((position) => transmissions.frameOf(position) < reset.frame);
  const window = last === undefined ? 0 : (transmissions.sumsOf(last) >>> 16) << scaleInUse;
  return window >= synWindow * NEARLY_ALL ? 'all' : 'most';
}

function underWayTo({ endpoint: { hasRcvNxt, rcvNxt } }: Part, { endpoint: peer }: Part): number {
  return hasRcvNxt ? Math.max(0, distance(peer.hasFin ? peer.finSeq : peer.sndNxt, rcvNxt)) : 0;
}

function isReaction(part: Part, peer: Part, sinceData: number | undefined): boolean {
  const { role, endpoint, delay } = part;
  const isAsked = role === 'client' && endpoint.dataSegments > 0;
  const isWhole = endpoint.hasRcvNxt && underWayTo(part, peer) === 0;
  return isAsked && isWhole && sinceData !== undefined && sinceData < delay * 2 + AT_ONCE;
}

function ownFin(
  fins: readonly { time: number; seq: number; length: number }[],
  reset: { time: number; seq: number },
  sndNxt: number,
): Evidence['afterOwnFin'] {
  const last = fins.at(-1);
  if (last !== undefined) return reset.time - last.time < SAME_CALL ? 'at once' : 'later';
  return reset.seq === ((sndNxt + 1) | 0) ? 'lost' : 'no';
}

/** Timers vary by so much of their length. */
const VARIES = 0.1;

function isWhenProbeWasDue(part: Part, reset: Moment, story: Story): boolean {
  const probes = part.moments.filter(({ verdict, time }) => verdict === KEEP_ALIVE_PROBE && time < reset.time);
  const [first, last] = [probes[0], probes.at(-1)];
  const count = probes.reduce((sum, probe) => sum + probe.count, 0);
  if (first === undefined || last === undefined || count < 2 || !story.isAt(story.other(part)) || part.endpoint.lastDataTime > first.time)
    return false;
  const interval = (last.lastTime - first.time) / (count - 1);
  return Math.abs(reset.time - last.lastTime - interval) < interval * VARIES;
}
