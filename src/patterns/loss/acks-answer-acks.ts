import { DUPLICATE_ACK } from '../../flow/seen.js';
import type { Moment } from '../../flow/timeline.js';
import { durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { ACKS_REPEATED } from '../signs.js';
import type { Part } from '../story.js';

interface Evidence {
  /** Duplicate ACKs of both ends, and nanoseconds from the first to the last. */
  acks: number;
  span: number;
}

/** Of each end; two or three in a row are ordinary. */
const MANY = 4;

/** Told of the client, though both ends do it. */
export const acksAnswerAcks: Pattern<'acks-answer-acks', Evidence> = {
  id: 'acks-answer-acks',
  title: 'Both ends only repeat their ACKs',
  severity: 'warning',
  needs: ACKS_REPEATED,
  about: `Each end says again and again what it expects, the other end answers in the same way, and no byte is exchanged: each takes the other's ACK for
    a segment outside its window.`,
  example: `
    0.000 > P. 1000:1100(100) ack 5000 win 500
    0.010 < .  5000:5000(0)   ack 1100 win 500
    0.500 > .  1100:1100(0)   ack 5000 win 500    # acks-answer-acks
    0.510 < .  5000:5000(0)   ack 1100 win 500    # acks-answer-acks
    1.000 > .  1100:1100(0)   ack 5000 win 500
    1.010 < .  5000:5000(0)   ack 1100 win 500
    1.500 > .  1100:1100(0)   ack 5000 win 500
    1.510 < .  5000:5000(0)   ack 1100 win 500
    2.000 > .  1100:1100(0)   ack 5000 win 500
    2.010 < .  5000:5000(0)   ack 1100 win 500
  `,
  recognise({ role }, { client, server }) {
    if (role !== 'client') return undefined;
    const [ours, theirs] = [repeatsOf(client), repeatsOf(server)];
    if (ours === undefined || theirs === undefined) return undefined;
    const from = Math.max(ours.time, theirs.time);
    const to = Math.min(ours.lastTime, theirs.lastTime);
    const exchanged = Math.max(client.endpoint.lastDataTime, server.endpoint.lastDataTime);
    if (to <= from || (exchanged > from && exchanged < to)) return undefined;
    const moments = [ours, theirs].sort((a, b) => a.frame - b.frame);
    return { evidence: { acks: ours.count + theirs.count, span: to - from }, moments };
  },
  tell: ({ acks, span }) => `${acks} ACKs of both ends within ${durationText(span)} say only what the ACKs before them said.`,
};

function repeatsOf({ moments }: Part): Moment | undefined {
  return moments.find(({ seen, length, count, sack }) => seen & DUPLICATE_ACK && length === 0 && count >= MANY && sack.length === 0);
}
