import { FIN, RST, SYN } from '../../decode/flags.js';
import { TIME_WAIT } from '../../flow/state.js';
import type { Moment, Transition } from '../../flow/timeline.js';
import { durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { RESET } from '../signs.js';
import type { Part, Story } from '../story.js';

interface Evidence {
  /** Nanoseconds from the end of the connection to the stray segment, or to its answer where that is all that passed here. */
  delay: number;
  /** What the stray segment was; undefined when it did not pass the point of capture. */
  stray: 'old data' | 'a stray segment' | undefined;
  /** The reset follows an ACK out of TIME_WAIT; otherwise it came by itself. */
  wasProvoked: boolean;
}

/** Told of the end in TIME_WAIT. */
export const timeWaitDisturbed: Pattern<'time-wait-disturbed', Evidence> = {
  id: 'time-wait-disturbed',
  title: 'A stray segment and a reset end TIME_WAIT early',
  severity: 'note',
  needs: RESET,
  about: `A leftover segment reaches an end in TIME_WAIT, which answers with an ACK; the other end, which has forgotten the connection, answers that with a
    reset, and the reset ends TIME_WAIT before its minute is over (RFC 1337 calls it assassination).`,
  example: `
    0.000 > F. 1000:1000(0)   ack 5100 win 500 <nop,nop,TS val 1 ecr 900>
    0.010 < F. 5100:5100(0)   ack 1001 win 500 <nop,nop,TS val 910 ecr 1>
    0.010 > .  1001:1001(0)   ack 5101 win 500 <nop,nop,TS val 11 ecr 910>
    0.500 < P. 5000:5100(100) ack 1001 win 500 <nop,nop,TS val 910 ecr 1>     # time-wait-disturbed
    0.500 > .  1001:1001(0)   ack 5101 win 500 <nop,nop,TS val 501 ecr 910>   # time-wait-disturbed
    0.510 < R  5101:5101(0)            win 0                                  # time-wait-disturbed
  `,
  recognise(part, story) {
    const disturbance = disturbanceOf(part, story);
    if (disturbance === undefined) return undefined;
    const { waiting, stray, reset } = disturbance;
    const isRoutine = ({ time }: Moment): boolean => time - waiting.at <= story.roundTrip; // the last ACK of the close itself, or what answers it
    const answer = disturbance.answer !== undefined && (stray !== undefined || !isRoutine(disturbance.answer)) ? disturbance.answer : undefined;
    const delayOf = ({ time }: Moment): number => time - waiting.at;
    if (answer === undefined)
      return isRoutine(reset) ? undefined : { evidence: { delay: delayOf(reset), stray: undefined, wasProvoked: false }, moments: [reset] };
    if (stray === undefined) return { evidence: { delay: delayOf(answer), stray, wasProvoked: true }, moments: [answer, reset] };
    const what = stray.length > 0 ? 'old data' : 'a stray segment';
    return { evidence: { delay: delayOf(stray), stray: what, wasProvoked: true }, moments: [stray, answer, reset] };
  },
  tell: ({ delay, stray, wasProvoked }) => {
    if (!wasProvoked)
      return `${durationText(delay)} after the close a reset came with exactly the number that TIME_WAIT expects, unprovoked as far as captured.`;
    return stray === undefined
      ? `${durationText(delay)} after the close TIME_WAIT acknowledged once more something that did not pass here, and the reset that followed met TIME_WAIT.`
      : `${durationText(delay)} after the close ${stray} came in, was acknowledged, and the reset that followed met TIME_WAIT.`;
  },
};

/** What met the TIME_WAIT of an end. */
interface Disturbance {
  readonly waiting: Transition;
  readonly stray: Moment | undefined;
  readonly answer: Moment | undefined;
  readonly reset: Moment;
}

function disturbanceOf(part: Part, story: Story): Disturbance | undefined {
  if (!story.flow.timeline.states.reach(TIME_WAIT)) return undefined;
  const waiting = story.transitions.find(({ side, to }) => side === part.endpoint.side && to === TIME_WAIT);
  if (waiting === undefined) return undefined;
  const peer = story.other(part);
  const reset = peer.resets.find(({ time, seq }) => time > waiting.at && seq === part.endpoint.rcvNxt);
  if (reset === undefined) return undefined;
  const answer = part.moments.findLast(
    ({ frame, length, flags, time }) => frame < reset.frame && time > waiting.at && length === 0 && !(flags & (SYN | FIN | RST)),
  );
  const stray = peer.moments.findLast(
    ({ frame, flags, time }) => frame < (answer ?? reset).frame && !(flags & (SYN | FIN | RST)) && time > waiting.at,
  );
  return { waiting, stray, answer, reset };
}

/** The segment is such a leftover: the end that it carries the address of, which denies all knowledge of it, has not sent it again. */
export function isLeftover(moment: Moment, part: Part, story: Story): boolean {
  const disturbance = part.resets.length > 0 ? disturbanceOf(story.other(part), story) : undefined;
  return disturbance?.answer !== undefined && disturbance.stray?.frame === moment.frame;
}
