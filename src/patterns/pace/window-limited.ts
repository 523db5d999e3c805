import { WINDOW_FULL } from '../../flow/seen.js';
import { bytesText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { WINDOW_LIMIT } from '../signs.js';
import { zeroWindow } from './zero-window.js';

interface Evidence {
  /** Segments after which no full one had room in the receiver's window, and all with payload. */
  limited: number;
  dataSegments: number;
  /** Largest window that the receiver offered, bytes. */
  window: number;
  /** Neither end scales its windows. */
  unscaled: boolean;
}

/** A transfer this short says nothing about its limits. */
const ENOUGH = 8;
const MOSTLY = 0.1;

/** Told of the sender. */
export const windowLimited: Pattern<'window-limited', Evidence> = {
  id: 'window-limited',
  title: "Limited by the receiver's window",
  severity: 'warning',
  needs: WINDOW_LIMIT,
  about: `The sender uses up the window that the receiver offers and waits for the next acknowledgment: the transfer cannot become faster than one window
    a round trip, however good the network is.`,
  example: `
    0.000 > S  1000:1000(0)            win 64240 <mss 100,nop,wscale 0>
    0.010 < S. 5000:5000(0) ack 1001   win 200   <mss 100,nop,wscale 0>
    0.010 > .  1001:1001(0) ack 5001   win 64240
    0.011 > .  1001:1101(100) ack 5001 win 64240
    0.011 > .  1101:1201(100) ack 5001 win 64240     # window-limited
    0.020 < .  5001:5001(0) ack 1201   win 200
    0.021 > .  1201:1301(100) ack 5001 win 64240
    0.021 > .  1301:1401(100) ack 5001 win 64240     # window-limited
    0.030 < .  5001:5001(0) ack 1401   win 200
    0.031 > .  1401:1501(100) ack 5001 win 64240
    0.031 > .  1501:1601(100) ack 5001 win 64240     # window-limited
    0.040 < .  5001:5001(0) ack 1601   win 200
    0.041 > .  1601:1701(100) ack 5001 win 64240
    0.041 > .  1701:1801(100) ack 5001 win 64240     # window-limited
  `,
  recognise(part, story) {
    const { endpoint } = part;
    const { pace, dataSegments } = endpoint;
    const receiver = story.flow.peer(endpoint);
    const windows = endpoint.payload / Math.max(receiver.largestWindow, 1);
    if (
      pace === undefined ||
      dataSegments < ENOUGH ||
      pace.windowLimited < Math.max(4, windows > 4 ? Math.min(dataSegments * MOSTLY, windows / 2) : dataSegments * MOSTLY)
    )
      return undefined;
    const full = part.moments.filter(({ seen, length }) => seen & WINDOW_FULL && length > 0);
    const evidence = {
      limited: pace.windowLimited,
      dataSegments,
      window: receiver.largestWindow,
      unscaled: receiver.scaleInUse === 0,
    };
    const isStalled = zeroWindow.recognise(story.other(part), story)?.severity === 'warning'; // that tells more
    const shown = full.length > 0 ? full : part.moments.filter(({ length }) => length > 0);
    return {
      evidence,
      moments: shown.slice(0, 8),
      severity: pace.windowLimited > dataSegments / 4 && !isStalled ? 'warning' : 'note',
    };
  },
  tell: ({ limited, dataSegments, window }) =>
    `${limited} of ${dataSegments} data segments used up the receiver's window of at most ${bytesText(window)}.`,
};
