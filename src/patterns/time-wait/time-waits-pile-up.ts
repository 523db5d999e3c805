import { type ClosedFirst, closeText, FEWEST, mostAtOnce } from '../../hosts/closing/closes.js';
import type { Hosts } from '../../hosts/hosts.js';
import { durationText } from '../../hosts/wording.js';
import type { HostPattern } from '../pattern.js';

interface Evidence {
  /** Connections of one server that the same end closed first within a minute, and the nanoseconds between the first and the last close. */
  closes: number;
  span: number;
  isClient: boolean;
}

/** Fewer are no pile. */
const MANY = FEWEST;

export const timeWaitsPileUp: HostPattern<'time-waits-pile-up', Evidence> = {
  id: 'time-waits-pile-up',
  title: 'One end always closes first, and keeps a TIME_WAIT each time',
  severity: 'note',
  about: `Whoever sends the first FIN keeps the connection in TIME_WAIT for a minute. Where one end always does, as many of them stand there as
    connections end in a minute. On a server that costs a little memory and nothing else; a client can run out of ports.`,
  example: `
${Array.from(
  { length: MANY },
  (_, i) =>
    `
    ${i}.000 ${i + 1}> S  1000:1000(0)          win 64240 <mss 1460>
    ${i}.010 ${i + 1}< S. 5000:5000(0) ack 1001 win 64240 <mss 1460>
    ${i}.010 ${i + 1}> .  1001:1001(0) ack 5001 win 64240
    ${i}.020 ${i + 1}< F. 5001:5001(0) ack 1001 win 64240    # time-waits-pile-up
    ${i}.030 ${i + 1}> F. 1001:1001(0) ack 5002 win 64240
    ${i}.040 ${i + 1}< .  5002:5002(0) ack 1002 win 64240`,
).join('')}
  `,
  recognise({ closes }: Hosts) {
    return closes.tellOf((group) => {
      const pile = mostAtOnce(group);
      const [first] = pile;
      if (first === undefined || pile.length < MANY) return [];
      const evidence = { closes: pile.length, span: (pile.at(-1) as ClosedFirst).closed - first.closed, isClient: first.isClient };
      return [{ subject: closeText(first), evidence, streams: pile.map(({ stream }) => stream), frames: pile.map(({ frame }) => frame) }];
    });
  },
  tell: ({ closes, span, isClient }) =>
    `The ${isClient ? 'client' : 'server'} closed ${closes} connections first within ${durationText(span)}: as many stood in TIME_WAIT at once.`,
};
