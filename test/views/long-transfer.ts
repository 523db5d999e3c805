import { capture } from '../transcript.js';

/** One lost segment in so many rounds. */
const LOST_EVERY = 5;
/** Segments sent in a round trip, and their bytes. */
const BURST = 20;
const SIZE = 100;

/** A transfer of so many round trips, 31 packets each, some with a segment that is lost and sent again after SACKs have asked for it. */
export function longTransfer(rounds: number): { file: Buffer; packets: number; resent: number[] } {
  const lines = [
    '0.000000 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>',
    '0.010000 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7>',
    '0.010010 > . 1:1(0) ack 1 win 502',
  ];
  const resent: number[] = [];
  let seq = 1;
  for (let round = 0; round < rounds; round++) {
    const start = 0.02 + round * 0.02;
    const say = (after: number, text: string): void => {
      lines.push(`${(start + after).toFixed(6)} ${text}`);
    };
    for (let i = 0; i < BURST; i++) say(i * 1e-5, `> . ${seq + i * SIZE}:${seq + (i + 1) * SIZE}(${SIZE}) ack 1 win 502`);
    const end = seq + BURST * SIZE;
    const lost = seq + 3 * SIZE;
    if (round % LOST_EVERY === LOST_EVERY - 1) {
      for (let i = 4; i < 13; i++) say(0.01 + i * 1e-5, `< . 1:1(0) ack ${lost} win 509 <sack ${lost + SIZE}:${seq + (i + 1) * SIZE}>`);
      say(0.0102, `> . ${lost}:${lost + SIZE}(${SIZE}) ack 1 win 502`);
      resent.push(lines.length);
      say(0.0202 - 0.0005, `< . 1:1(0) ack ${end} win 509`);
    } else for (let i = 1; i < BURST; i += 2) say(0.01 + i * 1e-5, `< . 1:1(0) ack ${seq + (i + 1) * SIZE} win 509`);
    seq = end;
  }
  return { file: capture(lines.join('\n')).file, packets: lines.length, resent };
}
