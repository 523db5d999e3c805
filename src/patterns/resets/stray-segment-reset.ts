import type { Stray } from '../../hosts/strays.js';
import { durationText } from '../../hosts/wording.js';
import type { HostPattern } from '../pattern.js';

/** Nanoseconds. */
const WORTH_SAYING = 1e9;

export const straySegmentReset: HostPattern<'stray-segment-reset', Stray> = {
  id: 'stray-segment-reset',
  title: 'A segment of an open connection came with another address, and was answered with a reset',
  severity: 'failure',
  about: `One end gets a segment from an address that it has no connection with. It acknowledges what this end has sent on another connection and echoes its
    clock, so it belongs to that one, and a box on the path has not translated its address. The kernel finds no socket and answers with a reset, which
    ends the real connection at the far end.`,
  example: `
    0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0>
    0.010 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100>
    0.010 > .  1001:1001(0) ack 5001 win 64240 <nop,nop,TS val 110 ecr 900>
    0.020 > P. 1001:1101(100) ack 5001 win 64240 <nop,nop,TS val 120 ecr 900>
    0.030 < .  5001:5001(0) ack 1101 win 65160 <nop,nop,TS val 920 ecr 120>
    0.500 < P. 5001:5101(100) ack 1101 win 65160 <nop,nop,TS val 1390 ecr 120> server 10.0.0.9    # stray-segment-reset
    0.500 > R  1101:1101(0) win 0 server 10.0.0.9                                                 # stray-segment-reset
  `,
  recognise: ({ strays }) =>
    strays.all.map((stray) => ({
      subject: `${stray.end} to ${stray.peer}`,
      evidence: stray,
      streams: stray.streams,
      frames: stray.frames,
    })),
  tell: ({ end, alias, pause }) => {
    const when = pause > WORTH_SAYING ? ` It came after ${durationText(pause)} of silence.` : '';
    return `A segment that came from ${alias} belongs to this connection, and ${end} answered it with a reset.${when}`;
  },
};
