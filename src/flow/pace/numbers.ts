/** How one end sends its data, in numbers. */
export class PaceNumbers {
  /** Largest payload of a segment. */
  largest = 0;
  /** Most bytes that were under way at a time, and after how many segments it was that much, give or take a segment. */
  flight = 0;
  atCeiling = 0;
  /** Most bytes under way before the first acknowledgment of data, and before the second; nanoseconds between the two flights. */
  firstFlight = 0;
  secondFlight = 0;
  secondFlightAfter = 0;
  /** Segments after which the receiver's window had no room for another full one. */
  windowLimited = 0;
  nagleStallCount = 0;
  nagleStallTime = 0;
  slowAnswerCount = 0;
  answers = 0;
  /** Pauses of more than two round trips with everything acknowledged: how many, the longest, and what ended the first of them. */
  pauses = 0;
  longestPause = 0;
  flightSincePause = 0;
  restartUna = 0;
  /** The burst after the last pause is being sent. */
  isBurst = false;
  /** 1 and 2: the first and the second flight are being sent; later ones are not told apart. */
  flights = 0;
  flightUna = 0;
}
