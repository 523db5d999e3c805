import { durationText } from '../../hosts/wording.js';
import { ICMP_ERRORS, icmpName } from '../path/icmp-name.js';
import type { Pattern } from '../pattern.js';
import { ICMP } from '../signs.js';

interface Evidence {
  /** "host unreachable", "administratively prohibited" … */
  error: string;
  /** Nanoseconds from the SYN to the error, and from the first SYN of several. */
  delay: number;
  sinceFirst: number;
  frame: number;
  /** Whether the client tried again all the same. */
  wentOn: boolean;
}

export const connectionRejected: Pattern<'connection-rejected', Evidence> = {
  id: 'connection-rejected',
  title: 'SYN rejected by an ICMP error',
  severity: 'failure',
  needs: ICMP,
  about: `A router or a packet filter answers the SYN with an ICMP error. Linux ends connect() at once, with the error that belongs to
    the ICMP code: "no route to host", "connection refused" and the like.`,
  example: `
    0.000 > S 1000:1000(0) win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>   # connection-rejected
    0.010 icmp unreachable 13 about > S 1000:1000(0)
  `,
  recognise({ role }, { client, server, icmp }) {
    if (role !== 'client') return undefined;
    const [syn] = client.syns;
    const error = icmp.find((one) => one.side === client.endpoint.side && ICMP_ERRORS.has(`${one.family} ${one.type}`) && one.mtu === 0);
    if (syn === undefined || error === undefined || server.endpoint.segments > 0) return undefined;
    const asked = client.syns.findLast(({ time }) => time <= error.time) ?? syn;
    const wentOn = client.syns.some(({ time }) => time > error.time);
    const evidence = {
      error: icmpName(error),
      delay: error.time - asked.time,
      sinceFirst: error.time - syn.time,
      frame: error.frame,
      wentOn,
    };
    return { evidence, moments: asked === syn ? [asked] : [syn, asked] };
  },
  tell: ({ error, delay, sinceFirst, frame }) => {
    const after = sinceFirst > delay ? `${durationText(sinceFirst)} after the first SYN` : `${durationText(delay)} after the SYN`;
    return `${after} came an ICMP error (frame ${frame}): ${error}.`;
  },
};
