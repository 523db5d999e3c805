import { ACK, RST, SYN } from '../../decode/flags.js';
import { distance, isBefore } from '../../decode/sequence.js';
import type { Endpoint } from '../../flow/endpoint.js';
import { CLOSED, STATE_NAMES, type State, TIME_WAIT } from '../../flow/state.js';
import { countText, durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { OPENING } from '../signs.js';
import type { Story } from '../story.js';

interface Evidence {
  /** Answers that acknowledge something else than the SYN. */
  answers: number;
  /** What answered: an ACK without SYN, or a SYN-ACK with the wrong acknowledgment. */
  kind: 'ACK' | 'SYN-ACK';
  /** IPv4 ID 0: made by a mini-socket or a request, not by a full socket. Undefined for IPv6. */
  hasNoIdentity: boolean | undefined;
  /** The connection between the same ports before, when it is in the capture. */
  previous: Previous | undefined;
  /** The client reset what it did not know. */
  clientReset: boolean;
  /** In the end it was answered. */
  connected: boolean;
  /** Nanoseconds until then, from the first SYN. */
  delay: number;
}

interface Previous {
  /** Stream number. */
  stream: number;
  /** State that the answering end was left in. */
  state: string;
  /** Nanoseconds from its last segment to the SYN. */
  age: number;
  /** The answer repeats the old connection's numbers. */
  fits: boolean;
  /** It was captured from its beginning: whether its ends had closed is known. */
  isWhole: boolean;
  /** The SYN's timestamp is older than the last one of the old connection. */
  hasOlderTimestamp: boolean;
}

export const synStrangelyAnswered: Pattern<'syn-strangely-answered', Evidence> = {
  id: 'syn-strangely-answered',
  title: 'SYN answered with an ACK of another connection',
  severity: 'warning',
  needs: OPENING,
  about: `The answer to the SYN is not a SYN-ACK but acknowledges something that this client never sent. The server still remembers
    a connection between the same two ports, and asks whether that one is over: the client answers with a reset, and tries again.`,
  example: `
    0.000 > S  9000:9000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>      # syn-strangely-answered
    0.010 < .  5000:5000(0) ack 1500 win 502   <nop,nop,TS val 900 ecr 800>                         # syn-strangely-answered
    0.010 > R  1500:1500(0)          win 0                                                          # syn-strangely-answered
    0.020 > S  9000:9000(0)          win 64240 <mss 1460,sackOK,TS val 120 ecr 0,nop,wscale 7>
    0.030 < S. 7000:7000(0) ack 9001 win 65160 <mss 1460,sackOK,TS val 950 ecr 120,nop,wscale 7>
    0.031 > .  9001:9001(0) ack 7001 win 502   <nop,nop,TS val 131 ecr 950>
  `,
  recognise({ role }, story) {
    if (role !== 'server') return undefined;
    const { client, server } = story;
    const [syn] = client.syns;
    if (syn === undefined) return undefined;
    const expected = (syn.seq + 1) | 0;
    const answers = server.moments.filter(({ flags }) => flags & ACK && !(flags & RST));
    // A plain ACK where two SYNs crossed, or where the capture lacks the SYN-ACK.
    const fitting = answers.find(
      ({ ack }) => !isBefore(ack, expected) && distance(ack, expected) <= Math.max(syn.length, distance(client.endpoint.sndNxt, expected)),
    );
    const strange = answers.filter(({ frame }) => fitting === undefined || frame < fitting.frame);
    const [first] = strange;
    if (first === undefined) return undefined;
    const reset = client.resets.find(({ seq }) => seq === first.ack);
    const evidence: Evidence = {
      answers: strange.length,
      kind: first.flags & SYN ? 'SYN-ACK' : 'ACK',
      hasNoIdentity: first.ipId < 0 ? undefined : first.ipId === 0,
      previous: previousOf(story, first.ack, first.seq, syn.hasTimestamps ? syn.tsval : undefined),
      clientReset: reset !== undefined,
      connected: fitting !== undefined,
      delay: (fitting?.time ?? story.flow.lastTime) - syn.time,
    };
    const moments = [syn, ...strange.slice(0, 5), ...(reset === undefined ? [] : [reset])].sort((a, b) => a.frame - b.frame);
    return { evidence, moments, severity: fitting === undefined ? 'failure' : 'warning' };
  },
  tell: ({ answers, kind, previous, connected, delay }) => {
    const of =
      previous === undefined ? 'a connection that is not in the capture' : `stream ${previous.stream}, which the server has in ${previous.state}`;
    const outcome = connected ? `connected after ${durationText(delay)}` : `never connected (${durationText(delay)})`;
    return `The SYN got ${countText(answers, kind)} that ${answers === 1 ? 'belongs' : 'belong'} to ${of}; ${outcome}.`;
  },
};

function previousOf({ flow, server, client }: Story, ack: number, seq: number, tsval: number | undefined): Previous | undefined {
  const { previous } = flow;
  if (previous === undefined) return undefined;
  const oldServer = previous.twinOf(server.endpoint);
  const oldClient = previous.twinOf(client.endpoint);
  return {
    stream: previous.stream,
    state: STATE_NAMES[stateBefore(oldServer, flow.firstTime, previous.timeline.transitions)] ?? '',
    age: flow.firstTime - previous.lastTime,
    fits: flow.isDisowned || (ack === oldClient.sndNxt && seq === oldServer.sndNxt), // disowned: that connection has gone on since
    isWhole: oldServer.hasSyn || oldClient.hasSyn,
    hasOlderTimestamp: tsval !== undefined && oldClient.timestamps && distance(tsval, oldClient.lastTsval) < 0,
  };
}

/** The state an end was in when the new SYN came; the new flow may have ended it. */
function stateBefore(endpoint: Endpoint, time: number, transitions: readonly { side: number; at: number; to: State }[]): State {
  const before = transitions.findLast(({ side, at }) => side === endpoint.side && at <= time);
  return before?.to ?? (endpoint.state === TIME_WAIT ? TIME_WAIT : CLOSED);
}
