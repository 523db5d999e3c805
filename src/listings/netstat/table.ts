import { type Basis, ESTABLISHED, STATE_NAMES, type State, SYN_RECV, TIME_WAIT } from '../../flow/state.js';
import type { RunningTimer } from '../../flow/timers/timer.js';
import { TIME_WAIT_LENGTH } from '../../flow/timers.js';
import { outlookText } from '../../hosts/outlook.js';
import { LOOK_BACK } from './moment.js';
import type { Handle, Snapshot } from './snapshot.js';
import { type Figures, type Socket, type Stay, stayAt } from './socket.js';

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
  /** Made anew whenever they are asked for. */
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
export function hostTables(sockets: Snapshot, circumstances: Circumstances): HostTable[] {
  const { at, start } = circumstances;
  const before = Math.max(start, at - LOOK_BACK);
  const hosts = new Map<string, Population>();
  for (const [socket, handle] of sockets) {
    const { host } = socket;
    const there = hosts.get(host) ?? { handles: [], now: [], before: [] };
    hosts.set(host, there);
    const now = stayAt(socket, at)?.state;
    if (now !== undefined) there.handles.push(handle);
    count(there.now, now);
    count(there.before, stayAt(socket, before)?.state);
  }
  return [...hosts]
    .map(([host, population]) => tableOf(host, population, sockets, circumstances))
    .filter(({ counts }) => counts.length > 0)
    .toSorted((a, b) => sizeOf(b) - sizeOf(a));
}

/** How many sockets there are now. */
export function sizeOf({ counts }: HostTable): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}

/** What a host has. */
interface Population {
  /** Of those that are there now. */
  readonly handles: Handle[];
  /** How many are in a state, now and a while ago. */
  readonly now: number[];
  readonly before: number[];
}

function count(states: number[], state: State | undefined): void {
  if (state !== undefined) states[state] = (states[state] ?? 0) + 1;
}

function tableOf(host: string, { handles, now, before }: Population, sockets: Snapshot, { at, start, figures, isLinux }: Circumstances): HostTable {
  const outlook = (timer: RunningTimer): string => outlookText(timer, start, isLinux(host));
  const counts = STATE_NAMES.map((state, i) => ({ state, count: now[i] ?? 0, more: (now[i] ?? 0) - (before[i] ?? 0) }));
  return {
    host,
    get rows() {
      return handles.flatMap((handle) => {
        const socket = sockets.at(handle);
        return rowOf(socket, stayAt(socket, at), figures(socket), at, outlook);
      });
    },
    counts: counts.filter((_, i) => now[i] !== undefined || before[i] !== undefined),
  };
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
