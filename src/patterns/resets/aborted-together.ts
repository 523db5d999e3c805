import { bursts, isByChance, TOGETHER } from '../../hosts/closing/bursts.js';
import type { Hosts } from '../../hosts/hosts.js';
import { countText, durationText } from '../../hosts/wording.js';
import type { HostPattern } from '../pattern.js';

interface Evidence {
  connections: number;
  /** Nanoseconds from the first to the last reset. */
  within: number;
  /** Of these, never used after the handshake, or with data that was never answered: still in the accept queue. */
  neverServed: number;
  /** Of these, with the last word: what had come to them they had answered. */
  hadAnswered: number;
  /** Of these, closed with a FIN and reset in the same instant, or reset although their FIN was on its way. */
  afterFin: number;
  /** Other connections that the same host closed with a FIN in that instant. */
  closedToo: number;
}

const MANY = 2;

export const abortedTogether: HostPattern<'aborted-together', Evidence> = {
  id: 'aborted-together',
  title: 'Several connections reset in the same instant',
  severity: 'failure',
  about: `One host resets several connections within milliseconds, as chance would not have it where it rarely resets any: they end together because one thing ended them, a listening socket that was closed, a process that exited,
    or a limit of the kernel.`,
  example: `
    0.000 1> S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> id 1
    0.001 1< S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
    0.002 1> .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 102 ecr 900> id 2
    0.003 2> S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 103 ecr 0,nop,wscale 7> id 1
    0.004 2< S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 904 ecr 103,nop,wscale 7>
    0.005 2> .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 105 ecr 904> id 2
    1.000 1< R. 5001:5001(0) ack 1001 win 509   <nop,nop,TS val 1900 ecr 102> id 1    # aborted-together
    1.000 2< R. 5001:5001(0) ack 1001 win 509   <nop,nop,TS val 1900 ecr 105> id 1    # aborted-together
  `,
  recognise({ aborts }: Hosts) {
    return aborts.all.flatMap(([host, resets]) =>
      bursts(resets)
        .filter((burst, _, all) => burst.length >= MANY && !isByChance(burst.length, all))
        .map((burst) => ({
          subject: host,
          evidence: {
            closedToo: aborts.closedBetween(host, (burst[0]?.time ?? 0) - TOGETHER, (burst.at(-1)?.time ?? 0) + TOGETHER),
            connections: burst.length,
            within: (burst.at(-1)?.time ?? 0) - (burst[0]?.time ?? 0),
            neverServed: burst.filter(({ wasServed }) => !wasServed).length,
            hadAnswered: burst.filter(({ hadAnswered }) => hadAnswered).length,
            afterFin: burst.filter(({ hadFin }) => hadFin).length,
          },
          streams: burst.map(({ stream }) => stream),
          frames: burst.map(({ frame }) => frame),
        })),
    );
  },
  tell: ({ connections, within, neverServed, afterFin, closedToo }) => {
    const unserved =
      neverServed === 0 ? '' : neverServed < connections ? `; ${neverServed} of them had never been served` : '; none had ever been served';
    const closing = afterFin > 0 ? `; ${afterFin} of them were being closed` : '';
    const others = closedToo > 0 ? `; ${closedToo} more were closed with a FIN in the same instant` : '';
    return `${countText(connections, 'connection')} reset within ${durationText(within)}${unserved}${closing}${others}.`;
  },
};
