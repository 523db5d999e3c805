/** A socket as ss or netstat lists it. */
export interface Socket {
  /** As ss spells it: "ESTAB", "LISTEN", "SYN-RECV", "CLOSE-WAIT". */
  readonly state: string;
  /** Of a listener: connections that wait for accept(). Otherwise: bytes that the application has not read. */
  readonly receiveQueue: number;
  /** Of a listener: the backlog. Otherwise: bytes not acknowledged or not yet sent. */
  readonly sendQueue: number;
  readonly local: Address;
  readonly peer: Address;
  /** The name of the timer that runs: "on", "keepalive", "timewait", "persist". */
  readonly timer: string | undefined;
  /** No process has it open any more; undefined where the listing does not say. */
  readonly isOrphan: boolean | undefined;
  /** What `ss -i` says, by name: "pmtu" → "1400". Of a word without a value it is empty. */
  readonly details: ReadonlyMap<string, string>;
}

export interface Address {
  /** "*" for any. */
  readonly host: string;
  readonly port: number;
}

export interface SocketReading {
  readonly sockets: readonly Socket[];
  readonly unknown: number;
}

/** `ss -tanoipm` and all lesser forms of it, and `netstat -tan`. */
export function parseSockets(text: string): SocketReading {
  const sockets: Socket[] = [];
  let unknown = 0;
  let details = new Map<string, string>();
  const lines = text.split('\n');
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '' || isHeading(line)) continue;
    const isCut = i === lines.length - 1;
    if (/^\s/.test(line)) {
      if (sockets.length > 0 && !isCut) learn(details, line);
      else unknown++;
      continue;
    }
    details = new Map();
    const socket = isCut ? undefined : (fromSs(line, details) ?? fromNetstat(line, details));
    if (socket === undefined) unknown++;
    else sockets.push(socket);
  }
  return { sockets, unknown };
}

function isHeading(line: string): boolean {
  return /^(State\s+Recv-Q|Netid\s+State|Proto\s+Recv-Q|Active Internet)/.test(line);
}

function fromSs(line: string, details: Map<string, string>): Socket | undefined {
  const [, state, receiveQueue, sendQueue, localText, peerText, rest = ''] = SS_LINE.exec(line) ?? [];
  const [local, peer] = [address(localText), address(peerText)];
  if (state === undefined || local === undefined || peer === undefined) return undefined;
  learn(details, rest);
  const inode = details.get('ino');
  const timer = /timer:\((\w+)/.exec(rest)?.[1];
  const isOrphan = inode === undefined ? undefined : inode === '0';
  return { state, receiveQueue: Number(receiveQueue), sendQueue: Number(sendQueue), local, peer, timer, isOrphan, details };
}

const SS_LINE = /^(?:tcp\s+)?([A-Z][A-Z0-9-]+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+:(?:\d+|\*))(.*)$/s;

function fromNetstat(line: string, details: Map<string, string>): Socket | undefined {
  const [, receiveQueue, sendQueue, localText, peerText, name = ''] = NETSTAT_LINE.exec(line) ?? [];
  const [local, peer, state] = [address(localText), address(peerText), NETSTAT_STATES[name]];
  if (local === undefined || peer === undefined || state === undefined) return undefined;
  return { state, receiveQueue: Number(receiveQueue), sendQueue: Number(sendQueue), local, peer, timer: undefined, isOrphan: undefined, details };
}

const NETSTAT_LINE = /^tcp6?\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+([A-Z][A-Z0-9_]+)\b/;

const NETSTAT_STATES: Readonly<Record<string, string>> = {
  ESTABLISHED: 'ESTAB',
  SYN_SENT: 'SYN-SENT',
  SYN_RECV: 'SYN-RECV',
  FIN_WAIT1: 'FIN-WAIT-1',
  FIN_WAIT2: 'FIN-WAIT-2',
  TIME_WAIT: 'TIME-WAIT',
  CLOSE: 'CLOSED',
  CLOSE_WAIT: 'CLOSE-WAIT',
  LAST_ACK: 'LAST-ACK',
  LISTEN: 'LISTEN',
  CLOSING: 'CLOSING',
};

/** "10.0.0.1:80", "[fd00::1%eth0]:80", "*:80", "[::ffff:10.0.0.1]:80", and netstat's "fd00::1:80". A port by name (without -n) is no address. */
function address(text: string | undefined): Address | undefined {
  const [, host = '', port = ''] = /^(.*):(\d+|\*)$/.exec(text ?? '') ?? [];
  if (host === '') return undefined;
  const bare = host
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '')
    .replace(/^::ffff:(?=\d+\.)/, '');
  return { host: ['0.0.0.0', '::', '*'].includes(bare) ? '*' : bare, port: port === '*' ? 0 : Number(port) };
}

function learn(details: Map<string, string>, text: string): void {
  for (const word of text.trim().split(/\s+/)) {
    const [, name = word, value = ''] = /^(\w+):(.*)$/.exec(word) ?? [];
    if (name !== '') details.set(name, value);
  }
}
