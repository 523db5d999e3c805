import { type Basis, ESTABLISHED, STATE_NAMES, type State, SYN_RECV, TIME_WAIT } from '../../flow/state.js';
import type { RunningTimer } from '../../flow/timers/timer.js';
import { TIME_WAIT_LENGTH } from '../../flow/timers.js';
import { outlookText } from '../../hosts/outlook.js';
import { type Figures, type Socket, type Stay, stayAt } from './socket.js';
import { LOOK_BACK } from './sockets.js';

/** A line of `ss -tan`. */
export interface SocketRow {
  readonly stream: number;
  /** As `ss` writes it. */
  readonly state: string;
  readonly basis: Basis;
  /** Bytes sent and not acknowledged, SYN and FIN counted; what waits to be sent cannot be seen. */
  readonly sendQueue: number;
  readonly local: string;
  readonly peer: string;
  /** As `ss -o` writes it: name, time left, how often it has fired; empty when none is known to run. */
  readonly timer: string;
  /** When the kernel gives up, in words; empty when no timer leads to that. */
  readonly outlook: string;
}

/** What one host has at a moment. */
export interface HostTable {
  readonly host: string;
  readonly rows: readonly SocketRow[];
  /** By netstat's names: how many now, and how many more than a while ago. */
  readonly counts: readonly { readonly state: string; readonly count: number; readonly more: number }[];
}

/** What decides how sockets look at a moment. Times in nanoseconds since the capture's epoch. */
export interface Circumstances {
  readonly at: number;
  /** The capture's first frame. */
  readonly start: number;
  figures(socket: Socket): Figures | undefined;
  isLinux(host: string): boolean;
}

/** The hosts with the most sockets first. */
export function hostTables(sockets: readonly Socket[], { at, start, figures, isLinux }: Circumstances): HostTable[] {
  const hosts = new Map<string, Socket[]>();
  for (const socket of sockets) {
    const there = hosts.get(socket.host);
    if (there === undefined) hosts.set(socket.host, [socket]);
    else there.push(socket);
  }
  const tables = [...hosts].map(([host, all]) => ({
    host,
    rows: all.flatMap((socket) => rowOf(socket, stayAt(socket, at), figures(socket), at, (timer) => outlookText(timer, start, isLinux(host)))),
    counts: countsOf(all, at, Math.max(start, at - LOOK_BACK)),
  }));
  return tables.filter(({ rows, counts }) => rows.length + counts.length > 0).toSorted((a, b) => b.rows.length - a.rows.length);
}

function rowOf(
  { stream, local, peer }: Socket,
  stay: Stay | undefined,
  figures: Figures | undefined,
  at: number,
  outlook: (timer: RunningTimer) => string,
): SocketRow[] {
  if (stay === undefined) return [];
  const { state, basis } = stay;
  const timer = timerOf(stay, figures);
  return [
    {
      stream,
      state: ssName(state),
      basis,
      sendQueue: state === TIME_WAIT || state === SYN_RECV ? 0 : (figures?.queued ?? 0),
      local,
      peer,
      timer: timer === undefined ? '' : timerText(timer, at),
      outlook: timer === undefined ? '' : outlook(timer),
    },
  ];
}

/** What came later can have shown that the socket was in another state than it seemed then. */
function timerOf(stay: Stay, figures: Figures | undefined): RunningTimer | undefined {
  if (stay.state === TIME_WAIT) return timeWait(stay, figures);
  if (figures?.state === stay.state) return figures.timer;
  return stay.state === SYN_RECV ? figures?.synAckTimer : undefined;
}

/** Runs whatever is known of the socket otherwise; a late FIN starts it anew. */
function timeWait({ from }: Stay, figures: Figures | undefined): RunningTimer {
  if (figures?.state === TIME_WAIT && figures.timer !== undefined) return figures.timer;
  const to = from + TIME_WAIT_LENGTH;
  return { kind: 'timewait', repeats: undefined, fired: 0, nextAt: to, from: to, to, outcome: 'over', setting: 'TCP_TIMEWAIT_LEN' };
}

function countsOf(sockets: readonly Socket[], at: number, before: number): HostTable['counts'] {
  const now = countByState(sockets, at);
  const then = countByState(sockets, before);
  return [...new Set([...now.keys(), ...then.keys()])]
    .toSorted((a, b) => a - b)
    .map((state) => ({ state: STATE_NAMES[state] ?? '', count: now.get(state) ?? 0, more: (now.get(state) ?? 0) - (then.get(state) ?? 0) }));
}

function countByState(sockets: readonly Socket[], time: number): Map<State, number> {
  const counts = new Map<State, number>();
  for (const socket of sockets) {
    const state = stayAt(socket, time)?.state;
    if (state !== undefined) counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return counts;
}

/** ESTAB, SYN-SENT, FIN-WAIT-1: as `ss` and RFC 9293 write them. */
function ssName(state: State): string {
  if (state === ESTABLISHED) return 'ESTAB';
  return (STATE_NAMES[state] ?? '').replace('_', '-').replace(/(?<=WAIT)(?=\d)/, '-');
}

/** "on,1.6sec,3", whole seconds cut as `ss` does; the time of the next firing is estimated from the ones before. */
function timerText({ kind, nextAt, fired }: RunningTimer, at: number): string {
  const left = Math.max(0, nextAt - at) / 1e9;
  const text =
    left < 1 ? `${Math.round(left * 1000)}ms` : left < 10 ? `${left.toFixed(1)}sec` : left < 60 ? `${Math.floor(left)}sec` : minutesText(left);
  return `${kind},${text},${fired}`;
}

function minutesText(seconds: number): string {
  const rest = Math.floor(seconds % 60);
  return `${Math.floor(seconds / 60)}min${rest > 0 ? `${rest}sec` : ''}`;
}
