import { join } from 'node:path';
import { ACK, FIN, RST, SYN } from '../../../src/decode/flags.js';
import { distance } from '../../../src/decode/sequence.js';
import type { Recording } from '../../recordings.js';
import { type Frame, framesOf, reach } from './frames.js';
import { type KernelTruth, type Resent, resentBy } from './truth.js';

/** One capture of a recording. */
export interface Marked {
  readonly file: string;
  readonly iface: string;
  /** The side at which it was made: c, s, d; undefined in between. */
  readonly side: string | undefined;
  /** Addresses of that side: what comes from them is captured where it was sent. */
  readonly own: ReadonlySet<string>;
  readonly frames: Frame[];
}

const SIDES: Readonly<Record<string, string>> = { client: 'c', client2: 'd', server: 's' };

/** Reads the captures of a recording and marks what the kernels know of their segments. Also returns how many of their resends no frame shows. */
export async function markRecording(recording: Recording, truth: KernelTruth): Promise<{ captures: Marked[]; unshown: number }> {
  const captures: Marked[] = [];
  const resent = resentBy(truth);
  let unshown = 0;
  for (const { file, vantage, iface } of truth.captures) {
    const side = SIDES[vantage];
    const own = addressesOf(side, truth);
    const frames = (await framesOf(join(recording.folder, file))).filter(({ t }) => t <= truth.t_end);
    const marked = { file, iface, side, own, frames };
    const sent = frames.filter(({ host }) => own.has(host));
    const events = resent.filter((event) => event.side === side && !isLocal(event));
    unshown += markResent(sent, events, -0.005, 0.005);
    markProbes(marked, truth);
    captures.push(marked);
  }
  for (const capture of captures) markArrivals(capture, captures, truth, resent);
  for (const capture of captures) weighResends(capture, captures);
  for (const { frames } of captures) for (const frame of frames) if (frame.origin !== undefined) frame.spurious = frame.origin.spurious;
  return { captures, unshown };
}

/** Those of its interface, and others from which its kernel sent something again. */
function addressesOf(side: string | undefined, { addresses, addresses6, retransmits, synack_retransmits }: KernelTruth): Set<string> {
  const own = [addresses, addresses6 ?? {}].flatMap((map) => map[side ?? ''] ?? []);
  const resending = [...retransmits, ...synack_retransmits].filter((event) => event.side === side);
  return new Set([...own, ...resending.map(({ src }) => src.slice(0, src.lastIndexOf(':')))]);
}

/** Between two sockets of one host: no capture of a wire shows it. */
function isLocal({ src }: Resent): boolean {
  return src.startsWith('127.');
}

/** Marks the frames that these events sent: for every sequence number the unmarked frame nearest in time. Returns how many events none shows. */
function markResent(frames: readonly Frame[], events: readonly Resent[], before: number, after: number): number {
  let unshown = 0;
  for (const event of events.toSorted((a, b) => a.t - b.t)) {
    const { t, kind } = event;
    const nearest = new Map<number, Frame>();
    for (const frame of frames.filter((one) => isMeant(one, event) && one.t - t >= before && one.t - t <= after)) {
      const rival = nearest.get(frame.seq);
      if (rival === undefined || Math.abs(frame.t - t) < Math.abs(rival.t - t)) nearest.set(frame.seq, frame);
    }
    for (const frame of nearest.values()) {
      frame.what = 'resent';
      const names = [...(kind === undefined ? [] : [kind]), ...(frame.flags & FIN ? ['fin'] : [])];
      frame.kinds = new Set(frame.flags & SYN ? ['syn'] : names);
    }
    if (nearest.size === 0) unshown++;
  }
  return unshown;
}

function isMeant(frame: Frame, { src, dst, seq, bytes }: Resent): boolean {
  if (frame.src !== src || frame.dst !== dst || frame.span === 0 || frame.what !== 'ordinary') return false;
  if (seq === undefined) return (frame.flags & (SYN | ACK)) === (SYN | ACK);
  const ahead = distance(frame.seq, seq);
  return ahead >= 0 && ahead < bytes;
}

/** An empty ACK at SND.UNA-1 asks for room or for a sign of life. */
function markProbes(capture: Marked, truth: KernelTruth): void {
  const acknowledged = new Map<string, number>();
  for (const frame of capture.frames) {
    const { src, dst, seq, ack, span, flags } = frame;
    const isOwn = capture.own.has(frame.host);
    const socket = isOwn ? `${src} ${dst}` : `${dst} ${src}`;
    const una = acknowledged.get(socket);
    if (!isOwn && flags & ACK && (una === undefined || distance(ack, una) > 0)) acknowledged.set(socket, ack);
    if (isOwn && flags & SYN) acknowledged.delete(socket);
    const isProbe = isOwn && span === 0 && (flags & (SYN | RST | ACK)) === ACK && una !== undefined && distance(seq, una) === -1;
    if (isProbe) frame.what = probeOf(frame, capture, truth);
  }
}

/** By the timer that the socket had, or that sockets of its side had more often. */
function probeOf({ src, dst, t }: Frame, { side = '' }: Marked, { nstat, diag }: KernelTruth): 'window-probe' | 'keep-alive' {
  const { TcpExtTCPWinProbe: forRoom = 0, TcpExtTCPKeepAlive: forLife = 0 } = nstat[side] ?? {};
  const timers = diag.filter((d) => d.side === side && d.src === src && d.dst === dst && d.t <= t + 0.02).map(({ timer }) => timer);
  const timer = timers.findLast((name) => name === 'persist' || name === 'keepalive') ?? (forRoom > forLife ? 'persist' : 'keepalive');
  return timer === 'persist' ? 'window-probe' : 'keep-alive';
}

/** Drops of what the receiver had already. */
const HAD_ALREADY: ReadonlySet<string> = new Set(['TCP_OLD_DATA', 'TCP_OLD_SEQUENCE', 'TCP_OFOMERGE', 'TCP_OFO_DROP', 'QUEUE_PURGE']);

/**
 * Timestamps are looked at before sequence numbers. A segment that its own resend has overtaken is thrown away for its timestamp, although
 * its bytes are there by then: it had not been lost, and the resend was needless (RFC 3522), as the D-SACK that answers it says.
 */
const TOO_OLD = 'TCP_RFC7323_PAWS';

/** What came from elsewhere: the same packets in the captures of their senders. */
function markArrivals(capture: Marked, all: readonly Marked[], truth: KernelTruth, resent: readonly Resent[]): void {
  const sent = sentElsewhere(capture, all);
  const sides = new Set(all.flatMap(({ side }) => side ?? []));
  const isComplete = Object.keys(truth.nstat).every((side) => side === 'r' || sides.has(side));
  const delay = truth.one_way_delay_ms / 1000;
  const used = new Set<Frame>();
  const seen = new Set<string>();
  const highest = new Map<string, Frame>();
  const arrivals = capture.frames.filter(({ host }) => !capture.own.has(host));
  for (const frame of arrivals) {
    const origins = sent.get(frame.key) ?? [];
    const origin = nearestOf(origins.filter((one) => one.t <= frame.t + 0.001 && !used.has(one)), frame.t - delay); // biome-ignore format: one thought
    if (origin === undefined) {
      frame.what = withoutOrigin(origins.length > 0, isComplete, seen.has(frame.key));
      if (capture.iface === 'any') seen.add(frame.key);
      continue;
    }
    used.add(origin);
    Object.assign(frame, { origin, what: origin.what, kinds: origin.kinds });
    const wasThere = (reason: string): boolean => HAD_ALREADY.has(reason) || (reason === TOO_OLD && hadArrived(origin, taken(frame, arrivals)));
    origin.arrived = dropsOf(frame, capture, truth).every(wasThere);
    if (frame.span > 0) markOvertaken(frame, origin, highest);
  }
  if (isComplete) return;
  const uncaptured = arrivals.filter(({ origin }) => origin === undefined);
  const elsewhere = resent.filter(({ side }) => !sides.has(side));
  markResent(uncaptured, elsewhere, -0.002, delay + 0.05);
}

/** Sent less often than captured, or by no kernel. */
function withoutOrigin(wasSent: boolean, isComplete: boolean, wasSeen: boolean): Frame['what'] {
  if (wasSent) return 'network-duplicate';
  if (isComplete) return 'unknown';
  return wasSeen ? 'capture-duplicate' : 'ordinary';
}

function sentElsewhere(capture: Marked, all: readonly Marked[]): Map<string, Frame[]> {
  const sent = new Map<string, Frame[]>();
  for (const { frames, own } of all.filter((other) => other !== capture)) {
    for (const frame of frames.filter(({ host }) => own.has(host))) sent.set(frame.key, [...(sent.get(frame.key) ?? []), frame]);
  }
  return sent;
}

function nearestOf(frames: readonly Frame[], t: number): Frame | undefined {
  return frames.toSorted((a, b) => Math.abs(t - a.t) - Math.abs(t - b.t))[0];
}

/** `highest`: of each direction the frame with the highest sequence number so far. */
function markOvertaken(frame: Frame, origin: Frame, highest: Map<string, Frame>): void {
  const path = `${frame.src} ${frame.dst}`;
  const top = highest.get(path);
  const isLater = top === undefined || origin.t > (top.origin?.t ?? 0);
  const ahead = top === undefined ? 1 : distance(frame.seq, top.seq);
  if (!isLater && ahead < 0 && frame.what === 'ordinary') frame.what = 'reordered';
  if (frame.flags & SYN || (isLater && ahead > 0)) highest.set(path, frame);
}

/** Why the kernel threw the frame away. Of two frames with the same bytes the nearer one is meant. */
function dropsOf(frame: Frame, { frames, side }: Marked, { drops }: KernelTruth): string[] {
  const isSame = ({ seq, flags }: { seq: number; flags: number }): boolean => (seq | 0) === frame.seq && flags === (frame.flags & 0xff);
  const own = drops.filter(
    (drop) => isSame(drop) && drop.side.replaceAll('?', '') === side && drop.t - frame.t >= -0.001 && drop.t - frame.t <= 0.005,
  );
  const twins = frames.filter(({ src, dst, seq, flags }) => src === frame.src && dst === frame.dst && isSame({ seq, flags: flags & 0xff }));
  return own.filter(({ t }) => nearestOf(twins, t) === frame).map(({ reason }) => reason);
}

/** What the kernel had of that direction when the frame came, as its sender sent it. */
function taken(frame: Frame, arrivals: readonly Frame[]): Frame[] {
  return sentBefore(frame, arrivals.slice(0, arrivals.indexOf(frame))).flatMap(({ origin }) => origin ?? []);
}

/** Whether a resend can be told from what was captured before it, and whether the receiver had its bytes. */
function weighResends(capture: Marked, all: readonly Marked[]): void {
  const hasOtherSide = all.some(({ side }) => side !== undefined && side !== capture.side);
  for (const [i, frame] of capture.frames.entries()) {
    if (frame.what !== 'resent') continue;
    const before = sentBefore(frame, capture.frames.slice(0, i));
    frame.leavesSign = before.some((other) => reach(other, frame.seq) > 0);
    if (capture.own.has(frame.host) && !(frame.flags & SYN) && hasOtherSide) frame.spurious = hadArrived(frame, before);
  }
}

/** What the same incarnation of the connection had sent in the same direction. */
function sentBefore(frame: Frame, earlier: readonly Frame[]): Frame[] {
  const same = earlier.filter(({ src, dst }) => src === frame.src && dst === frame.dst);
  const syn = [...same, frame].findLast(({ flags }) => flags & SYN);
  if (syn === undefined) return same;
  const first = same.findIndex(({ seq, flags }) => flags & SYN && seq === syn.seq);
  return first < 0 ? [] : same.slice(first);
}

function hadArrived(frame: Frame, before: readonly Frame[]): boolean {
  const arrived = before
    .filter((other) => other.arrived && other.span > 0)
    .toSorted((a, b) => distance(a.seq, frame.seq) - distance(b.seq, frame.seq));
  let from = 0;
  for (const other of arrived) if (distance(other.seq, frame.seq) <= from) from = Math.max(from, reach(other, frame.seq));
  return from >= frame.span;
}
