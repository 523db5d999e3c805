/** One packet of a conversation, as seen by a capture in the middle. */
export interface Sent {
  readonly fromClient: boolean;
  readonly flags: number;
  readonly seq: number;
  readonly ack: number;
  readonly length: number;
  readonly window: number;
  /** One SACK block. */
  readonly sack?: readonly [number, number];
}

/** What a capture is made of. */
export interface Mix {
  readonly name: string;
  readonly about: string;
  /** Of a capture of the full size. */
  readonly packets: number;
  /** Conversations that go on at a time. */
  readonly together: number;
  /** Segments of data that a server sends in one conversation, at most; and bytes of payload in one of them, at most. */
  readonly segments: number;
  readonly payload: number;
  readonly snapLength: number;
}

export const MIXES: readonly Mix[] = [
  { name: 'small', about: 'many short conversations, small segments', packets: 5e6, together: 8000, segments: 16, payload: 184, snapLength: 65_535 },
  {
    name: 'bulk',
    about: 'fifty long transfers, full segments',
    packets: 1.6e6,
    together: 50,
    segments: 1_000_000,
    payload: 1448,
    snapLength: 65_535,
  },
  {
    name: 'snaplen',
    about: 'many short conversations, 96 bytes of each packet kept',
    packets: 8e6,
    together: 20_000,
    segments: 16,
    payload: 1400,
    snapLength: 96,
  },
];

const [FIN, SYN, RST, PSH, ACK] = [1, 2, 4, 8, 16];
const WINDOW = 501;

/** Numbers below `limit`, the same in every run. */
export type Random = (limit: number) => number;

export function randomFrom(seed: number): Random {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** A conversation from its SYN to its end: a request, an answer of many segments, and now and then a loss, a copy, a full buffer. */
export function* conversation(random: Random, { segments, payload }: Mix): Generator<Sent, void, void> {
  let [client, server] = [random(2 ** 32), random(2 ** 32)];
  const say = (fromClient: boolean, flags: number, length = 0, more: Partial<Sent> = {}): Sent => {
    const [seq, ack] = fromClient ? [client, server] : [server, client];
    const sent = { fromClient, flags, seq, ack, length, window: WINDOW, ...more };
    const next = (sent.seq + length + (flags & (SYN | FIN) ? 1 : 0)) >>> 0;
    if (fromClient) client = ((next - client) | 0) > 0 ? next : client;
    else server = ((next - server) | 0) > 0 ? next : server;
    return sent;
  };
  const size = (): number => (payload === 1448 ? payload : 1 + random(payload));
  yield say(true, SYN, 0, { ack: 0, window: 64_240 });
  if (random(200) === 0) yield say(true, SYN, 0, { seq: (client - 1) >>> 0, ack: 0, window: 64_240 });
  yield say(false, SYN | ACK, 0, { window: 65_160 });
  yield say(true, ACK);
  yield say(true, ACK | PSH, 40 + random(400));
  yield say(false, ACK);
  for (let left = payload === 1448 ? segments : 1 + random(segments); left > 0; left--) {
    const start = server;
    const length = size();
    const luck = random(1000);
    if (luck < 10) yield* lost(start, length);
    else if (luck < 20) {
      const behind = size();
      yield say(false, ACK, behind, { seq: (start + length) >>> 0 }); // overtakes the one before it
      yield say(false, ACK, length, { seq: start });
    } else yield say(false, ACK | PSH, length);
    if (luck >= 20 && luck < 30) yield say(false, ACK, length, { seq: start }); // sent again for nothing
    if (luck >= 30 && luck < 34) yield* full();
    if (left % 2 === 0 || luck < 34) yield say(true, ACK);
  }
  if (random(20) === 0) yield say(true, RST | ACK);
  else {
    yield say(false, FIN | ACK);
    yield say(true, FIN | ACK);
    yield say(false, ACK);
  }

  function* lost(start: number, length: number): Generator<Sent, void, void> {
    const behind = (start + length) >>> 0;
    server = behind;
    for (let i = 3 + random(3); i > 0; i--) {
      yield say(false, ACK, size());
      yield say(true, ACK, 0, { ack: start, sack: [behind, server] });
    }
    yield say(false, ACK, length, { seq: start });
  }

  function* full(): Generator<Sent, void, void> {
    yield say(true, ACK, 0, { window: 0 });
    yield say(false, ACK, 1);
    yield say(true, ACK, 0, { window: 0, ack: (server - 1) >>> 0 });
    yield say(true, ACK);
  }
}
