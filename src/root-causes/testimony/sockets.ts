import type { Socket } from '../../facts/ss.js';
import { countText } from '../../hosts/wording.js';

/** Percent of the time. */
const GOOD_PART = 25;
/** Bytes of the smallest IP and TCP headers, and of the timestamps, which `ss` has subtracted from the MSS. */
const HEADERS = 40;
const TIMESTAMPS = 12;
/** Milliseconds after which a SYN is repeated. */
const FIRST_TIMEOUT = 1000;

/** Timers that say something beyond the state. */
const TIMERS: Readonly<Record<string, string>> = { on: 'retransmission', persist: 'persist', keepalive: 'keep-alive' };

/** One end of a conversation; port 0 where it is about the host alone. */
export interface End {
  readonly host: string;
  readonly port: number;
}

/** The sockets in one host's listings that belong to a conversation. A listing is a moment: what is not in it may have been there before. */
export class Sockets {
  /** Of the conversation itself, as this host had it. */
  readonly own: readonly Socket[];
  /** Of the port on which this end listens. */
  private readonly listeners: readonly Socket[];
  private readonly halfOpen: number;
  /** Of this host, towards any other. */
  private readonly inTimeWait: number;

  constructor(listed: readonly Socket[], end: End, peer: End) {
    const isOfEnd = ({ local }: Socket): boolean => local.port === end.port && local.host === end.host;
    this.own = listed.filter((socket) => isOfEnd(socket) && socket.peer.port === peer.port && socket.peer.host === peer.host);
    this.listeners = listed.filter(({ state, local }) => state === 'LISTEN' && local.port === end.port && ['*', end.host].includes(local.host));
    this.halfOpen = listed.filter((socket) => socket.state === 'SYN-RECV' && isOfEnd(socket)).length;
    this.inTimeWait = listed.filter(({ state, local }) => state === 'TIME-WAIT' && local.host === end.host).length;
  }

  /** Quotes the conversation's socket when it is in this state. */
  in(state: string, also: (socket: Socket) => boolean = () => true): string | undefined {
    const socket = this.own.find((one) => one.state === state && also(one));
    if (socket === undefined) return undefined;
    const timer = socket.timer && TIMERS[socket.timer];
    const extras = timer ? [`${timer} timer running`, ...(socket.isOrphan ? ['no process behind it'] : [])] : [];
    return [`ss lists the connection as ${state}`, ...extras].join(', ');
  }

  /** What held the sender up for a good part of the time that it had something to send: 'rwnd' the peer's window, 'sndbuf' its own buffer. */
  limitedBy(what: 'rwnd' | 'sndbuf'): string | undefined {
    const limit = this.own.flatMap(({ details }) => details.get(`${what}_limited`) ?? []).find((value) => percentIn(value) >= GOOD_PART);
    return limit && `ss says ${what}_limited:${limit} of the connection`;
  }

  /** The kernel has learnt that less fits through the path than the MSS that both had agreed on. */
  get lowerPathMtu(): string | undefined {
    const lower = this.own.find(
      ({ details }) => Number(details.get('pmtu')) < Number(details.get('advmss')) + HEADERS + (details.has('ts') ? TIMESTAMPS : 0),
    );
    return lower && `ss says pmtu:${lower.details.get('pmtu')} advmss:${lower.details.get('advmss')} of the connection`;
  }

  /** Even the shortest round trip took longer than the first timeout of a SYN. */
  get slowPath(): string | undefined {
    const shortest = this.own.flatMap(({ details }) => details.get('minrtt') ?? []).find((value) => Number(value) > FIRST_TIMEOUT);
    return shortest && `ss says minrtt:${shortest} of the connection, milliseconds`;
  }

  /** TIME_WAITs of the host, when there are so many. */
  timeWaits(least: number): string | undefined {
    return this.inTimeWait >= least ? `ss lists ${countText(this.inTimeWait, 'socket')} in TIME-WAIT` : undefined;
  }

  /** Bytes that the application had not read when the sockets were listed. */
  get unread(): string | undefined {
    const socket = this.own.find(({ state, receiveQueue }) => state !== 'LISTEN' && receiveQueue > 1);
    return socket && `ss lists ${countText(socket.receiveQueue, 'byte')} that the application has not read`;
  }

  /** More connections wait for accept() than the backlog allows. */
  get fullQueue(): string | undefined {
    const full = this.listeners.find(({ receiveQueue, sendQueue }) => receiveQueue > sendQueue);
    return full && `ss lists ${full.receiveQueue} connections in the accept queue of port ${full.local.port}, whose backlog is ${full.sendQueue}`;
  }

  /** Requests at the listener whose handshake is not complete are as many as its backlog, or more. */
  get fullRequests(): string | undefined {
    const backlog = Math.min(...this.listeners.map(({ sendQueue }) => sendQueue));
    const [listener] = this.listeners;
    return listener && this.halfOpen >= backlog
      ? `ss lists ${this.halfOpen} half-open connections at port ${listener.local.port}, whose backlog is ${backlog}`
      : undefined;
  }
}

/** From "824ms(85.5%)". */
function percentIn(text: string): number {
  return Number(/\(([\d.]+)%\)/.exec(text)?.[1] ?? 0);
}
