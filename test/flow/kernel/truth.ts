import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { distance } from '../../../src/decode/sequence.js';
import type { Recording } from '../../recordings.js';

/** What the kernels of a recording reported, as far as it tells what they sent. Times in seconds since 1970. */
export interface KernelTruth {
  captures: { file: string; vantage: string; iface: string }[];
  addresses: Record<string, string>;
  addresses6: Record<string, string> | null;
  one_way_delay_ms: number;
  t_end: number;
  nstat: Record<string, Record<string, number>>;
  /** Tracepoint tcp_retransmit_skb, with the state of the socket at that moment. */
  retransmits: Retransmit[];
  /** Tracepoint tcp_retransmit_synack. */
  synack_retransmits: (Socket & { t: number; side: string })[];
  ca_states: (Socket & { t: number; ca: string })[];
  /** Packets that a kernel threw away, and why. */
  drops: (Socket & { t: number; side: string; reason: string; seq: number; flags: number })[];
  /** sock_diag: what the sockets were waiting for. */
  diag: (Socket & { t: number; side: string; timer?: string })[];
}

interface Socket {
  src: string;
  dst: string;
}

interface Retransmit extends Socket {
  t: number;
  side: string;
  seq: number;
  end_seq: number;
  ca: string;
  icsk_retransmits: number;
  icsk_pending: number;
  err: number;
}

/** One segment, or a run of them, that a kernel sent again. */
export interface Resent extends Socket {
  readonly t: number;
  readonly side: string;
  /** Undefined for a SYN-ACK. */
  readonly seq: number | undefined;
  readonly bytes: number;
  readonly kind: 'probe' | 'fast' | 'timeout' | 'syn' | undefined;
}

/** Undefined where the recording comes from a machine whose kernel could not be asked. */
export function kernelTruthOf({ folder }: Recording): KernelTruth | undefined {
  const truth = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as Partial<KernelTruth>;
  return truth.retransmits === undefined ? undefined : (truth as KernelTruth);
}

/** ICSK_TIME_LOSS_PROBE, include/net/inet_connection_sock.h */
const LOSS_PROBE = 5;

/**
 * What the kernels sent again. A probe is sent by its timer in state Open; a timeout puts the socket into Loss, where everything belongs
 * to it; the rest answers SACKs or duplicate ACKs. In a Loss that no timer began (packet too big) the kind is not judged.
 */
export function resentBy(truth: KernelTruth): Resent[] {
  const begunByTimer = new Map<string, number>();
  const data = truth.retransmits
    .toSorted((a, b) => a.t - b.t)
    .map((event): Resent & { err: number } => {
      const { t, side, src, dst, seq, end_seq: end, ca, icsk_retransmits: retransmits, icsk_pending: pending, err } = event;
      const socket = `${src} ${dst}`;
      const episode = truth.ca_states.filter((c) => c.src === src && c.dst === dst && c.ca === 'Loss' && c.t <= t).at(-1)?.t ?? 0;
      if (ca === 'Loss' && retransmits > 0) begunByTimer.set(socket, episode);
      const isByTimer = begunByTimer.get(socket) === episode;
      const kind = pending === LOSS_PROBE && ca === 'Open' ? 'probe' : ca !== 'Loss' ? 'fast' : isByTimer ? 'timeout' : undefined;
      return { t, side, src, dst, seq: seq | 0, bytes: distance(end, seq), kind, err };
    })
    .filter(({ err }) => err === 0);
  const synAcks = truth.synack_retransmits.map(({ t, side, src, dst }): Resent => ({ t, side, src, dst, seq: undefined, bytes: 0, kind: 'syn' }));
  return [...data, ...synAcks];
}
