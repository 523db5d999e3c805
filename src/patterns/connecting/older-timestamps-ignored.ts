import { distance } from '../../decode/sequence.js';
import type { AddressClock, Stamp, StampedSyn } from '../../hosts/clock.js';
import { countText, durationText } from '../../hosts/wording.js';
import type { HostPattern } from '../pattern.js';

interface Evidence {
  /** SYNs ignored while a newer timestamp of the same address was fresh, and those without any timestamp among them. */
  ignored: number;
  withoutTimestamp: number;
  /** SYNs ignored although nothing forbade them. */
  otherIgnored: number;
  /** SYNs of the address that were answered; and of these, ones that a fresh newer timestamp should have forbidden. */
  answered: number;
  contradicting: number;
  /** How far behind the ignored timestamps are, in ticks, at most. */
  ticks: number;
  /** Nanoseconds since the newer timestamp, at most. */
  age: number;
  server: string;
}

export const olderTimestampsIgnored: HostPattern<'older-timestamps-ignored', Evidence> = {
  id: 'older-timestamps-ignored',
  title: 'SYNs with older timestamps than their address had before are ignored',
  severity: 'failure',
  about: `From one address, SYNs whose timestamp is older than one that the server has seen of that address within the last minute get no answer, newer ones do. Several
    machines behind one NAT address have different clocks: some of them cannot connect, for no reason that they could see.`,
  example: `
    0.000 1> S  1000:1000(0)           win 29200 <mss 1460,sackOK,TS val 9000 ecr 0,nop,wscale 7>
    0.001 1< S. 5000:5000(0)  ack 1001 win 28960 <mss 1460,sackOK,TS val 700 ecr 9000,nop,wscale 7>
    0.002 1> .  1001:1001(0)  ack 5001 win 229   <nop,nop,TS val 9001 ecr 700>
    0.003 1< F. 5001:5001(0)  ack 1001 win 227   <nop,nop,TS val 702 ecr 9001>
    0.004 1> F. 1001:1001(0)  ack 5002 win 229   <nop,nop,TS val 9003 ecr 702>
    0.005 1< .  5002:5002(0)  ack 1002 win 227   <nop,nop,TS val 704 ecr 9003>
    1.000 2> S  7000:7000(0)           win 29200 <mss 1460,sackOK,TS val 2000 ecr 0,nop,wscale 7>    # older-timestamps-ignored
    2.000 2> S  7000:7000(0)           win 29200 <mss 1460,sackOK,TS val 3000 ecr 0,nop,wscale 7>
    4.000 2> S  7000:7000(0)           win 29200 <mss 1460,sackOK,TS val 5000 ecr 0,nop,wscale 7>
    4.100 3> S  8000:8000(0)           win 29200 <mss 1460,sackOK,TS val 13200 ecr 0,nop,wscale 7>
    4.101 3< S. 6000:6000(0)  ack 8001 win 28960 <mss 1460,sackOK,TS val 4800 ecr 13200,nop,wscale 7>
  `,
  recognise({ clocks }) {
    return clocks.doubtful.flatMap((clock) => {
      const ignored = forbidden(clock, false);
      const first = ignored[0];
      if (first === undefined) return [];
      const all = ignored.map(({ syn }) => syn);
      const evidence: Evidence = {
        ignored: ignored.length,
        withoutTimestamp: all.filter(({ tsval }) => tsval === undefined).length,
        otherIgnored: clock.syns.filter((syn) => !syn.isAnswered).length - ignored.length,
        answered: clock.syns.filter(({ isAnswered }) => isAnswered).length,
        contradicting: forbidden(clock, true).length,
        ticks: Math.max(0, ...ignored.map(({ syn, stamp }) => (syn.tsval === undefined ? 0 : distance(stamp.tsval, syn.tsval)))),
        age: Math.max(...ignored.map(({ syn, stamp }) => syn.time - stamp.time)),
        server: clock.server,
      };
      return [{ subject: clock.client, evidence, streams: all.map(({ stream }) => stream), frames: all.map(({ frame }) => frame) }];
    });
  },
  tell: ({ ignored, withoutTimestamp, answered, ticks, age, server }) => {
    const bare = withoutTimestamp > 0 ? ` (${withoutTimestamp} of them carried none)` : '';
    return `${countText(ignored, 'connection attempt')} to ${server} ignored${bare}: their timestamps were up to ${ticks} ticks older than one of the same address up to ${durationText(age)} before; ${countText(answered, 'other')} got an answer.`;
  },
};

/** SYNs that a fresh newer stamp of their address stands against, answered or not. */
function forbidden(clock: AddressClock, isAnswered: boolean): { syn: StampedSyn; stamp: Stamp }[] {
  return clock.syns.flatMap((syn) => {
    const stamp = syn.isAnswered === isAnswered ? clock.newerStamp(syn) : undefined;
    return stamp === undefined ? [] : [{ syn, stamp }];
  });
}
