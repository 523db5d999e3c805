import { type RecordClass, recordOf } from '../memory/record.js';

/** How one end sends its data, in numbers. */
export interface PaceNumbers {
  /** Largest payload of a segment. */
  largest: number;
  /** Most bytes that were under way at a time, and after how many segments it was that much, give or take a segment. */
  flight: number;
  atCeiling: number;
  /** Most bytes under way before the first acknowledgment of data, and before the second; nanoseconds between the two flights. */
  firstFlight: number;
  secondFlight: number;
  secondFlightAfter: number;
  /** Segments after which the receiver's window had no room for another full one. */
  windowLimited: number;
  nagleStallCount: number;
  nagleStallTime: number;
  slowAnswerCount: number;
  answers: number;
  /** Pauses of more than two round trips with everything acknowledged: how many, the longest, and what ended the first of them. */
  pauses: number;
  longestPause: number;
  lastDataTime: number;
  lastDataFrame: number;
  flightSincePause: number;
  restartUna: number;
  /** 1 and 2: the first and the second flight are being sent; later ones are not told apart. */
  flights: number;
  flightUna: number;
}

export const PaceRecord: RecordClass<PaceNumbers> = recordOf<PaceNumbers>({
  largest: 'int',
  flight: 'int',
  atCeiling: 'int',
  firstFlight: 'int',
  secondFlight: 'int',
  secondFlightAfter: 'real',
  windowLimited: 'int',
  nagleStallCount: 'int',
  nagleStallTime: 'real',
  slowAnswerCount: 'int',
  answers: 'int',
  pauses: 'int',
  longestPause: 'real',
  lastDataTime: 'real',
  lastDataFrame: 'int',
  flightSincePause: 'int',
  restartUna: 'int',
  flights: 'int',
  flightUna: 'int',
});
