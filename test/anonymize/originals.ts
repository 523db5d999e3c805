import { Capture } from '../../src/capture/capture.js';
import type { Frame } from '../../src/capture/frame.js';
import { fileSource } from '../../src/capture/source.js';
import { decode } from '../../src/decode/link.js';
import { Packet } from '../../src/decode/packet.js';
import { ICMP_ERROR, NEIGHBOUR, SEGMENT } from '../../src/decode/skipped.js';

/** Everything in a capture that an anonymous report must not show, in every spelling. */
export async function originalsOf(path: string): Promise<string[]> {
  const packet = new Packet();
  const found = new Set<string>();
  const capture = new Capture([() => fileSource(path)]);
  for await (const frame of capture) {
    while (frame.next()) for (const address of addressesIn(frame, packet)) found.add(address);
  }
  if (Number.isNaN(capture.epoch)) return []; // there is no frame in it
  const date = new Date(capture.epoch * 1000).toISOString();
  return [...[...found].flatMap(spellings), String(capture.epoch).slice(0, -2), date.slice(0, 10), date.slice(11, 19)];
}

/** Link addresses and IP addresses, in hexadecimal. */
function* addressesIn(frame: Frame, packet: Packet): Generator<string> {
  const { segment: s, solicitation } = packet;
  const kind = decode(frame, packet);
  if (frame.linkType === 1) for (const at of [0, 6]) yield Buffer.from(frame.bytes.subarray(frame.start + at, frame.start + at + 6)).toString('hex');
  if (kind === NEIGHBOUR) for (const words of [solicitation.asker, solicitation.target]) yield hexOf(solicitation.family, [...words]);
  if (kind !== SEGMENT && kind !== ICMP_ERROR) return;
  yield hexOf(s.family, [s.source0, s.source1, s.source2, s.source3]);
  yield hexOf(s.family, [s.destination0, s.destination1, s.destination2, s.destination3]);
  if (kind === ICMP_ERROR) yield hexOf(s.family, [...s.icmpSource]);
}

function hexOf(family: number, words: readonly number[]): string {
  const bytes = Buffer.alloc(16);
  for (const [i, word] of words.entries()) bytes.writeInt32BE(word, i * 4);
  return (family === 4 ? bytes.subarray(12) : bytes).toString('hex');
}

/** An address given in hexadecimal: 4 bytes of IPv4, 6 of a link address, 16 of IPv6. */
function spellings(hex: string): string[] {
  const bytes = hex.match(/../g) ?? [];
  if (/^(00)*$|^(ff)*$/.test(hex)) return []; // nobody's address, and everybody's
  if (bytes.length === 6) return [hex, ...[':', '-'].map((mark) => bytes.join(mark)), (hex.match(/..../g) ?? []).join('.')];
  if (bytes.length === 4) {
    const numbers = bytes.map((byte) => Number.parseInt(byte, 16));
    return [
      numbers.join('.'),
      numbers.join('-'),
      hex,
      `::ffff:${numbers.join('.')}`,
      String(Number.parseInt(hex, 16)),
      numbers.toReversed().join('.'),
    ];
  }
  const groups = hex.match(/..../g) ?? [];
  const short = groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':');
  return [hex, groups.join(':'), short, short.replace(/(^|:)0(:0)+(:|$)/, '::')];
}

/** Those of the words that stand by themselves in a text; letters large or small. */
export function shown(words: readonly string[], text: string): string[] {
  const lower = text.toLowerCase();
  return words.filter((word) => {
    for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1)) {
      const isAlone =
        !/[0-9a-f.:]/.test(lower[at - 1] ?? '') &&
        !/[0-9a-f]|[.:][0-9a-f]/.test(lower.slice(at + word.length, at + word.length + 2).replace(/^:\d/, ''));
      if (isAlone) return true;
    }
    return false;
  });
}
