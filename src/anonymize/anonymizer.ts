import { createHash, randomBytes } from 'node:crypto';
import type { Solicitation } from '../decode/neighbour.js';
import type { Segment } from '../decode/segment.js';
import { ICMP_ERROR, NEIGHBOUR, type Skipped } from '../decode/skipped.js';
import { cipherOf } from './cipher.js';
import { prefixPreserving } from './prefix.js';
import { keyed, numbered, type Pseudonyms } from './pseudonyms.js';

/** consistent: every address gets another one. prefix: and addresses of one network stay together. */
export type Anonymity = 'consistent' | 'prefix';

/**
 * Puts pseudonyms for addresses into the segment cursor before anybody looks at it: nothing that is made of a capture can know the
 * original ones. With the same key an address has the same pseudonym in every report.
 */
export class Anonymizer {
  /** Nobody can know any more which addresses were of one network. */
  readonly hidesNetworks: boolean;
  private readonly known = new Map<string, Uint8Array>();
  private readonly pseudonyms: Pseudonyms;
  private readonly words = new DataView(new ArrayBuffer(16));

  /** `key`: any bytes that nobody can guess. Without one, addresses are numbered, or a key is drawn for this time only. */
  constructor(anonymity: Anonymity, key?: Uint8Array) {
    this.hidesNetworks = anonymity === 'consistent';
    if (anonymity === 'consistent' && key === undefined) this.pseudonyms = numbered();
    else {
      const cipher = cipherOf(
        createHash('sha256')
          .update(key ?? randomBytes(32))
          .digest(),
      );
      this.pseudonyms = anonymity === 'prefix' ? prefixPreserving(cipher) : keyed(cipher);
    }
  }

  /** All addresses that the decoder has left in its cursors. `kind`: what it said of the packet. */
  rewrite(kind: Skipped, segment: Segment, solicitation: Solicitation): void {
    if (kind === ICMP_ERROR) this.rewriteWords(segment.family, segment.icmpSource);
    if (kind === NEIGHBOUR) {
      this.rewriteWords(solicitation.family, solicitation.asker);
      this.rewriteWords(solicitation.family, solicitation.target);
    } else this.rewriteEnds(segment);
  }

  private rewriteEnds(segment: Segment): void {
    const { words } = this;
    this.replace(segment.family, segment.source0, segment.source1, segment.source2, segment.source3);
    segment.source0 = words.getInt32(0);
    segment.source1 = words.getInt32(4);
    segment.source2 = words.getInt32(8);
    segment.source3 = words.getInt32(12);
    this.replace(segment.family, segment.destination0, segment.destination1, segment.destination2, segment.destination3);
    segment.destination0 = words.getInt32(0);
    segment.destination1 = words.getInt32(4);
    segment.destination2 = words.getInt32(8);
    segment.destination3 = words.getInt32(12);
  }

  private rewriteWords(family: number, address: Int32Array): void {
    const [word0 = 0, word1 = 0, word2 = 0, word3 = 0] = address;
    this.replace(family, word0, word1, word2, word3);
    for (let i = 0; i < 4; i++) address[i] = this.words.getInt32(i * 4);
  }

  /** Leaves the pseudonym in `words`. */
  private replace(family: number, word0: number, word1: number, word2: number, word3: number): void {
    const { words } = this;
    const isUnspecified = (word0 | word1 | word2 | word3) === 0; // nobody's address, and it means something
    words.setInt32(0, word0);
    words.setInt32(4, word1);
    words.setInt32(8, word2);
    words.setInt32(12, word3);
    if (isUnspecified) return;
    const start = family === 4 ? 12 : 0;
    const address = new Uint8Array(words.buffer, start);
    const key = address.join('.');
    const pseudonym = this.known.get(key) ?? this.pseudonyms(address);
    this.known.set(key, pseudonym);
    address.set(pseudonym);
  }
}
