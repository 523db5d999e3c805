import { bytesText, countText, durationText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { RESTARTS } from '../signs.js';

interface Evidence {
  restarts: number;
  /** Nanoseconds of the longest pause before one. */
  pause: number;
  /** Bytes under way before the pause, and sent at one go after it. */
  before: number;
  after: number;
  /** Segments in that first burst. */
  segments: number;
}

/** The initial window of Linux: ten segments (TCP_INIT_CWND). */
const INITIAL_WINDOW = 10;

/** Told of the sender. */
export const slowRestart: Pattern<'slow-restart', Evidence> = {
  id: 'slow-restart',
  title: 'Slow start again after a pause',
  severity: 'note',
  needs: RESTARTS,
  about: `After a pause the sender begins with its initial window again, although it had far more under way before: the next answers take
    several round trips more than they could.`,
  example: `
    0.000 > S  1000:1000(0)            win 64240 <mss 100,nop,wscale 7>
    0.010 < S. 5000:5000(0) ack 1001   win 64240 <mss 100,nop,wscale 7>
    0.010 > .  1001:1001(0) ack 5001   win 502
    0.011 > .  1001:4001(3000) ack 5001 win 502
    0.021 < .  5001:5001(0) ack 4001   win 502
    3.000 > .  4001:4101(100) ack 5001 win 502     # slow-restart
    3.000 > .  4101:5001(900) ack 5001 win 502
    3.010 < .  5001:5001(0) ack 5001   win 502
    3.011 > .  5001:7001(2000) ack 5001 win 502
  `,
  recognise({ endpoint }, story) {
    const { pace } = endpoint;
    const size = story.flow.peer(endpoint).mss > 0 ? Math.min(story.flow.peer(endpoint).mss, pace?.largest ?? 0) : (pace?.largest ?? 0);
    const restarts = pace?.restarts.filter(({ before, after, wasHeld }) => wasHeld && before > after * 1.5 && isInitialWindow(after, size)) ?? [];
    const [worst] = restarts.toSorted((a, b) => b.before - a.before);
    if (worst === undefined) return undefined;
    const { before, after, idle } = worst;
    const evidence = { restarts: restarts.length, pause: idle, before, after, segments: Math.ceil(after / size) };
    return { evidence, moments: [], frames: restarts.map(({ frame }) => frame) };
  },
  tell: ({ restarts, pause, before, after, segments }) =>
    `${countText(restarts, 'time')} after a pause of up to ${durationText(pause)} the first burst was ${bytesText(after)} (${countText(segments, 'segment')}), with ${bytesText(before)} under way before.`,
};

function isInitialWindow(bytes: number, segment: number): boolean {
  return segment > 0 && bytes > segment * (INITIAL_WINDOW - 3) && bytes <= segment * (INITIAL_WINDOW + 1);
}
