import { ACK } from '../../decode/flags.js';
import { TIME_WAIT } from '../../flow/state.js';
import { TIME_WAIT_LENGTH } from '../../flow/timers.js';
import { durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { REUSED } from '../signs.js';

/** The kernel starts so far beyond the old sequence numbers (tcp_timewait_state_process, tcp_twsk_unique). */
const STEP = 65537;

interface Evidence {
  /** Whose TIME_WAIT was used again. */
  by: 'client' | 'server';
  /** Nanoseconds since the last segment of the old connection. */
  age: number;
  previousStream: number;
}

export const timeWaitReopened: Pattern<'time-wait-reopened', Evidence> = {
  id: 'time-wait-reopened',
  title: 'Ports of a connection in TIME_WAIT used again',
  severity: 'note',
  needs: REUSED,
  about: `A new connection takes the ports of one that was closed less than a minute ago. That is allowed, and works: timestamps or
    sequence numbers keep the two apart. Linux shows it by starting exactly 65537 beyond the old sequence numbers.`,
  example: `
    0.000 > F. 1000:1000(0) ack 5000 win 502 <nop,nop,TS val 100 ecr 800>
    0.010 < F. 5000:5000(0) ack 1001 win 502 <nop,nop,TS val 810 ecr 100>
    0.010 > .  1001:1001(0) ack 5001 win 502 <nop,nop,TS val 110 ecr 810>
    2.000 > S  66538:66538(0)          win 65160 <mss 1460,sackOK,TS val 2100 ecr 810,nop,wscale 7>    # time-wait-reopened
    2.010 < S. 90000:90000(0) ack 66539 win 65160 <mss 1460,sackOK,TS val 2810 ecr 2100,nop,wscale 7>
    2.011 > .  66539:66539(0) ack 90001 win 502 <nop,nop,TS val 2111 ecr 2810>
  `,
  recognise({ role }, { flow, client, server }) {
    const { previous } = flow;
    const syn = client.syns.find(({ flags }) => !(flags & ACK));
    const synAck = server.syns.find(({ flags }) => flags & ACK);
    if (previous === undefined || syn === undefined) return undefined;
    const oldClient = previous.twinOf(client.endpoint);
    const oldServer = previous.twinOf(server.endpoint);
    const age = flow.firstTime - previous.lastTime;
    const byClient = oldClient.segments > 0 && syn.seq === ((oldClient.sndNxt + STEP) | 0) && syn.tsecr !== 0;
    const byServer = synAck !== undefined && oldServer.segments > 0 && synAck.seq === ((oldServer.sndNxt + STEP) | 0);
    const wasWaiting = oldServer.state === TIME_WAIT || oldClient.state === TIME_WAIT;
    if (byClient && role === 'client') return { evidence: { by: 'client', age, previousStream: previous.stream }, moments: [syn] };
    if (role === 'client' || byClient || (!byServer && !wasWaiting)) return undefined;
    if (synAck === undefined || age > TIME_WAIT_LENGTH) return undefined;
    return { evidence: { by: 'server', age, previousStream: previous.stream }, moments: [syn, synAck] };
  },
  tell: ({ age, previousStream }) => `The client used the ports of stream ${previousStream} again, ${durationText(age)} after its end.`,
};
