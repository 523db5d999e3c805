import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { Capture } from '../../src/capture/capture.js';
import type { Frame } from '../../src/capture/frame.js';
import { chunkSource } from '../../src/capture/source.js';
import { Solicitation } from '../../src/decode/neighbour.js';
import { follow } from '../../src/follow.js';
import { Neighbours } from '../../src/hosts/neighbours.js';
import { pcap } from '../packets.js';

/** "10.0.0.1 asks 10.0.0.77 at 0 1 2", "10.0.0.5 answers 10.0.0.1 at 3": seconds. */
function heard(...sentences: string[]): Neighbours {
  const neighbours = new Neighbours();
  for (const [i, sentence] of sentences.entries()) {
    const [subject = '', verb, object = '', , ...times] = sentence.split(' ');
    for (const time of times) {
      const solicitation = new Solicitation();
      solicitation.isAnswer = verb === 'answers';
      solicitation.asker[3] = wordOf(verb === 'answers' ? object : subject);
      solicitation.target[3] = wordOf(verb === 'answers' ? subject : object);
      neighbours.heard(solicitation, { number: i + 1, time: Number(time) * 1e9 } as Frame);
    }
  }
  return neighbours;
}

function wordOf(address: string): number {
  return Buffer.from(address.split('.').map(Number)).readInt32BE();
}

test('three requests a second apart are an attempt of the kernel; twice three are two', () => {
  expect(heard('10.0.0.1 asks 10.0.0.77 at 0 1.02 2.04').all).toMatchObject([{ address: '10.0.0.77', requests: 3, attempts: 1, isAnswered: false }]);
  expect(heard('10.0.0.1 asks 10.0.0.77 at 0 1 2 9 10 11').all).toMatchObject([{ attempts: 2 }]);
});

test('requests now and then are no attempt', () => {
  expect(heard('10.0.0.1 asks 10.0.0.77 at 0 30 60 61').all).toMatchObject([{ requests: 4, attempts: 0 }]);
});

test('who asks for its own address, or has none yet, wants no answer', () => {
  expect(heard('0.0.0.0 asks 10.0.0.7 at 0 1 2', '10.0.0.7 asks 10.0.0.7 at 3 4 5').all).toEqual([]);
});

test('silence means something only where answers would pass', () => {
  const all = heard('10.0.0.1 asks 10.0.0.77 at 0 1 2', '10.0.0.2 asks 10.0.0.78 at 0 1 2', '10.0.0.9 answers 10.0.0.2 at 4').all;
  expect(all.map(({ asker, hearsAnswers }) => [asker, hearsAnswers])).toEqual([
    ['10.0.0.1', false],
    ['10.0.0.2', true],
  ]);
});

test('neighbour discovery asks and answers as ARP does', async () => {
  const neighbours = new Neighbours();
  const asker = 'fe80000000000000000000000000000a';
  const here = '20010db8000000000000000000000001';
  const gone = '20010db8000000000000000000000002';
  const message = (source: string, destination: string, type: string, target: string): Buffer =>
    Buffer.from(
      `333300000001 020000000001 86dd 60000000 0018 3a ff ${source} ${destination} ${type} 00 0000 00000000 ${target}`.replace(/ /g, ''),
      'hex',
    );
  const all = 'ff0200000000000000000001ff000001';
  const frames = [message(asker, all, '87', here), message(here, asker, '88', here), ...[0, 1, 2].map(() => message(asker, all, '87', gone))];
  const file = pcap(frames.map((bytes, i) => ({ time: i, bytes })));
  await follow(new Capture([async () => chunkSource('test', Readable.from([file]))]), {
    solicited: (solicitation, frame) => neighbours.heard(solicitation, frame),
    over: () => {},
  });
  expect(neighbours.all).toMatchObject([
    { address: '2001:db8::1', asker: 'fe80::a', isAnswered: true, attempts: 0 },
    { address: '2001:db8::2', asker: 'fe80::a', isAnswered: false, attempts: 1, hearsAnswers: true },
  ]);
});
