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
    const own = new Set([truth.addresses, truth.addresses6 ?? {}].flatMap((map) => map[side ?? ''] ?? []));
    const frames = (await framesOf(join(recording.folder, file))).filter(({ t }) => t <= truth.t_end);
    const marked = { file, iface, side, own, frames };
    const sent = frames.filter(({ host }) => own.has(host));
    const events = resent.filter((event) => event.side === side);
    unshown += markResent(sent, events, -0.005, 0.005);
    markProbes(marked, truth);
    captures.push(marked);
  }
  for (const capture of captures) markArrivals(capture, captures, truth, resent);
  for (const capture of captures) weighResends(capture, captures);
  for (const { frames } of captures) for (const frame of frames) if (frame.origin !== undefined) frame.spurious = frame.origin.spurious;
  return { captures, unshown };
}

/** Marks the frames that these events sent: for every sequence number the unmarked frame nearest in time. Returns how many events none shows. */
function markResent(frames: readonly Frame[], events: readonly Resent[], before: number, after: number): number {
  let unshown = 0;
  for (const { t, src, dst, seq, bytes, kind } of events.toSorted((a, b) => a.t - b.t)) {
    const nearest = new Map<number, Frame>();
    for (const frame of frames) {
      if (frame.src !== src || frame.dst !== dst || frame.span === 0 || frame.what !== 'ordinary') continue;
      if (frame.t - t < before || frame.t - t > after) continue;
      const ahead = distance(frame.seq, seq ?? 0);
      const isMeant = seq === undefined ? (frame.flags & (SYN | ACK)) === (SYN | ACK) : ahead >= 0 && ahead < bytes;
      const rival = nearest.get(frame.seq);
      if (isMeant && (rival === undefined || Math.abs(frame.t - t) < Math.abs(rival.t - t))) nearest.set(frame.seq, frame);
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

/** An empty ACK at SND.UNA-1 asks for room or for a sign of life, by the timer that its socket had. */
function markProbes({ frames, own, side = '' }: Marked, { nstat, diag }: KernelTruth): void {
  const acknowledged = new Map<string, number>();
  const { TcpExtTCPWinProbe: forRoom = 0, TcpExtTCPKeepAlive: forLife = 0 } = nstat[side] ?? {};
  for (const frame of frames) {
    const isOwn = own.has(frame.host);
    const [local, remote] = isOwn ? [frame.src, frame.dst] : [frame.dst, frame.src];
    const socket = `${local} ${remote}`;
    const una = acknowledged.get(socket);
    if (!isOwn) {
      if (frame.flags & ACK && (una === undefined || distance(frame.ack, una) > 0)) acknowledged.set(socket, frame.ack);
    } else if (frame.flags & SYN) acknowledged.delete(socket);
    else if (frame.span === 0 && (frame.flags & (RST | ACK)) === ACK && una !== undefined && distance(frame.seq, una) === -1) {
      const timers = diag.filter((d) => d.side === side && d.src === local && d.dst === remote && d.t <= frame.t + 0.02).map(({ timer }) => timer);
      const timer = timers.findLast((name) => name === 'persist' || name === 'keepalive') ?? (forRoom > forLife ? 'persist' : 'keepalive');
      frame.what = timer === 'persist' ? 'window-probe' : 'keep-alive';
    }
  }
}

/** Drops of what the receiver had already. */
const HAD_ALREADY: ReadonlySet<string> = new Set(['TCP_OLD_DATA', 'TCP_OLD_SEQUENCE', 'TCP_OFOMERGE', 'TCP_OFO_DROP', 'QUEUE_PURGE']);

/** What came from elsewhere: the same packets in the captures of their senders. */
function markArrivals(capture: Marked, all: readonly Marked[], truth: KernelTruth, resent: readonly Resent[]): void {
  const sent = new Map<string, Frame[]>();
  for (const { frames, own } of all.filter((other) => other !== capture)) {
    for (const frame of frames.filter(({ host }) => own.has(host))) sent.set(frame.key, [...(sent.get(frame.key) ?? []), frame]);
  }
  const sides = new Set(all.flatMap(({ side }) => side ?? []));
  const isComplete = Object.keys(truth.nstat).every((side) => side === 'r' || sides.has(side));
  const delay = truth.one_way_delay_ms / 1000;
  const used = new Set<Frame>();
  const seen = new Set<string>();
  const highest = new Map<string, Frame>();
  const arrivals = capture.frames.filter(({ host }) => !capture.own.has(host));
  for (const frame of arrivals) {
    const origins = sent.get(frame.key) ?? [];
    const [origin] = origins
      .filter((one) => one.t <= frame.t + 0.001 && !used.has(one))
      .toSorted((a, b) => Math.abs(frame.t - delay - a.t) - Math.abs(frame.t - delay - b.t));
    if (origin === undefined) {
      if (origins.length > 0) frame.what = 'network-duplicate';
      else if (isComplete) frame.what = 'unknown';
      else if (seen.has(frame.key)) frame.what = 'capture-duplicate';
      if (capture.iface === 'any') seen.add(frame.key);
      continue;
    }
    used.add(origin);
    frame.origin = origin;
    frame.what = origin.what;
    frame.kinds = origin.kinds;
    origin.arrived = !wasDropped(frame, capture, truth);
    const path = `${frame.src} ${frame.dst}`;
    const top = highest.get(path);
    const isLater = top === undefined || origin.t > (top.origin?.t ?? 0);
    if (top !== undefined && frame.span > 0 && frame.what === 'ordinary' && !isLater && distance(top.seq, frame.seq) > 0) frame.what = 'reordered';
    if (frame.span > 0 && (top === undefined || frame.flags & SYN || (isLater && distance(frame.seq, top.seq) > 0))) highest.set(path, frame);
  }
  if (isComplete) return;
  const uncaptured = arrivals.filter(({ origin }) => origin === undefined);
  const elsewhere = resent.filter(({ side }) => !sides.has(side));
  markResent(uncaptured, elsewhere, -0.002, delay + 0.05);
}

function wasDropped({ seq, flags, t }: Frame, { side }: Marked, { drops }: KernelTruth): boolean {
  return drops.some((drop) => {
    const isMeant = (drop.seq | 0) === seq && drop.flags === (flags & 0xff) && drop.side.replaceAll('?', '') === side;
    return isMeant && drop.t - t >= -0.001 && drop.t - t <= 0.005 && !HAD_ALREADY.has(drop.reason);
  });
}

/** Whether a resend can be told from what was captured before it, and whether the receiver had its bytes. */
function weighResends(capture: Marked, all: readonly Marked[]): void {
  const hasOtherSide = all.some(({ side }) => side !== undefined && side !== capture.side);
  capture.frames.forEach((frame, i) => {
    if (frame.what !== 'resent') return;
    let before: Frame[] = [];
    for (const other of capture.frames.slice(0, i)) {
      if (other.src !== frame.src || other.dst !== frame.dst) continue;
      const isNew = other.flags & SYN && !before.some(({ seq, flags }) => seq === other.seq && flags & SYN);
      before = [...(isNew ? [] : before), other];
    }
    if (frame.flags & SYN && !before.some(({ seq, flags }) => seq === frame.seq && flags & SYN)) before = [];
    frame.leavesSign = before.some((other) => reach(other, frame.seq) > 0);
    if (!capture.own.has(frame.host) || frame.flags & SYN || !hasOtherSide) return;
    const arrived = before
      .filter((other) => other.arrived && other.span > 0)
      .toSorted((a, b) => distance(a.seq, frame.seq) - distance(b.seq, frame.seq));
    let from = 0;
    for (const other of arrived) if (distance(other.seq, frame.seq) <= from) from = Math.max(from, reach(other, frame.seq));
    frame.spurious = from >= frame.span;
  });
}
