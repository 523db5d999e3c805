import { ACK, PSH, SYN } from '../../../src/decode/flags.js';
import { ethernet, ethernet6, pcap, tcpBytes } from '../../packets.js';
import type { Known } from '../kernel/score.js';
import { Clock, type Passed, Path, randomFrom, type Simulated, type Weather } from './path.js';
import { Receiver } from './receiver.js';
import { MSS, Sender } from './sender.js';

/** How a connection is set up. */
export interface Setup {
  readonly seed: number;
  readonly segments: number;
  readonly hasTimestamps: boolean;
  readonly hasSack: boolean;
  readonly family: 4 | 6;
  readonly weather: Weather;
}

export type Place = 'sender' | 'middle' | 'receiver';

/** Sends data over a simulated path. Returns what the captures at three places hold, with what is true of each of their frames. */
export function transfer(setup: Setup): Record<Place, { file: Buffer; truth: Known[] }> {
  const random = randomFrom(setup.seed);
  const clock = new Clock();
  const path = new Path(clock, setup.weather, random);
  const ids = { sender: Math.floor(random() * 65536), receiver: Math.floor(random() * 65536) };
  const orders = { sender: 0, receiver: 0 };
  const segmentOf = (from: 'sender' | 'receiver', fields: Partial<Simulated>): Simulated => ({
    ...{ from, flags: ACK, seq: 1, ack: 1, length: 0, tsecr: 0, sack: [], why: undefined, needless: { value: false } },
    ...{ ipId: ids[from]++ & 0xffff || 1, order: orders[from]++, sentAt: clock.now, tsval: 1000 + Math.floor((clock.now + 1) * 1000) },
    ...fields,
  });
  const receiver = new Receiver(1, setup.hasSack);
  const roundTrip = setup.weather.delay * 2;
  let heardTsval = 0;
  const emit = (seq: number, why: Simulated['why']): number => {
    const segment = segmentOf('sender', { flags: ACK | PSH, seq, length: MSS, why, tsecr: heardTsval });
    path.send(segment, answer);
    return segment.order;
  };
  const sender = new Sender(clock, 1, 1 + setup.segments * MSS, roundTrip, setup.hasSack, emit);
  const answer = (data: Simulated): void => {
    const said = receiver.receive(data);
    path.send(segmentOf('receiver', said), (heard) => {
      heardTsval = Math.max(heardTsval, heard.tsval);
      sender.receive(heard);
    });
  };
  const syn = segmentOf('sender', { flags: SYN, seq: 0, ack: 0 });
  path.send(syn, () =>
    path.send(segmentOf('receiver', { flags: SYN | ACK, seq: 0, tsecr: syn.tsval, ipId: 0 }), (synAck) => {
      heardTsval = synAck.tsval;
      path.send(segmentOf('sender', { tsecr: heardTsval }), () => {});
      sender.start();
    }),
  );
  clock.run();
  const { taps } = path;
  const captured = (place: Place): { file: Buffer; truth: Known[] } => ({ file: fileOf(taps[place], setup), truth: truthOf(taps[place]) });
  return { sender: captured('sender'), middle: captured('middle'), receiver: captured('receiver') };
}

function truthOf(passed: readonly Passed[]): Known[] {
  let [top, topOrder] = [0, 0];
  let highest = 0;
  return passed.map(({ segment, isCopy }) => {
    const { from, seq, length, why, order, needless } = segment;
    const hasData = length > 0;
    const isOvertaken = hasData && why === undefined && order < topOrder && seq < top;
    const leavesSign = seq < highest;
    if (from === 'sender') highest = Math.max(highest, seq + length);
    if (hasData && order > topOrder && seq > top) [top, topOrder] = [seq, order];
    const what = isCopy ? 'network-duplicate' : why !== undefined ? 'resent' : isOvertaken ? 'reordered' : 'ordinary';
    return { what, kinds: new Set(why === undefined ? [] : [why]), spurious: needless.value, leavesSign, hasData };
  });
}

function fileOf(passed: readonly Passed[], { hasTimestamps, hasSack, family }: Setup): Buffer {
  return pcap(
    passed.map(({ t, segment }) => {
      const { from, flags, seq, ack, length, ipId } = segment;
      const hosts = family === 4 ? ['10.0.0.1', '10.0.0.2'] : ['fd00::1', 'fd00::2'];
      const [source = '', destination = ''] = from === 'sender' ? hosts : hosts.toReversed();
      const [sourcePort = 0, destinationPort = 0] = from === 'sender' ? [40000, 80] : [80, 40000];
      const header = { sourcePort, destinationPort, seq: seq + 5000, ack: flags & ACK ? ack + 5000 : 0, flags, window: 60000, length };
      const payload = tcpBytes({ ...header, source, destination, badChecksum: false, options: optionsOf(segment, hasTimestamps, hasSack) });
      const packet = { time: t, source, destination, ttl: 64, ipId, ecn: 0, payload, protocol: 6 };
      return { time: t, bytes: family === 4 ? ethernet(packet) : ethernet6(packet) };
    }),
  );
}

function optionsOf({ flags, tsval, tsecr, sack }: Simulated, hasTimestamps: boolean, hasSack: boolean): Buffer {
  const stamps = Buffer.from([8, 10, 0, 0, 0, 0, 0, 0, 0, 0]);
  stamps.writeUInt32BE(tsval, 2);
  stamps.writeUInt32BE(tsecr, 6);
  const opening = flags & SYN ? [Buffer.from([2, 4, MSS >> 8, MSS & 0xff, 3, 3, 0]), ...(hasSack ? [Buffer.from([4, 2])] : [])] : [];
  const blocks = Buffer.alloc(2 + sack.length * 8);
  blocks[0] = 5;
  blocks[1] = blocks.length;
  for (const [i, edge] of sack.flat().entries()) blocks.writeUInt32BE(edge + 5000, 2 + i * 4);
  return Buffer.concat([...opening, ...(hasTimestamps ? [stamps] : []), ...(sack.length > 0 ? [blocks] : [])]);
}
