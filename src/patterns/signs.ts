import { ACK, FIN, RST } from '../decode/flags.js';
import { isAfter, isBefore } from '../decode/sequence.js';
import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';
import { DUPLICATE_ACK, OLD_TIMESTAMP } from '../flow/seen.js';
import type { Verdict } from '../flow/verdict.js';

/**
 * What is plain to see of a flow at first glance, a bit each. A pattern names those of which one must be there; a flow without any, and
 * most are, has nothing to tell and is asked nothing.
 */
export type Signs = number;

/** One end was reset. */
export const RESET: Signs = 1 << 0;
/** An ACK says again what the one before it said. */
export const ACKS_REPEATED: Signs = 1 << 1;
/** A timestamp is older than one before it. */
export const OLD_TIMESTAMPS: Signs = 1 << 2;
/** The handshake was not seen, or is not the three segments that it should be, or nothing followed it. */
export const OPENING: Signs = 1 << 3;
/** The answer takes up less than the SYN offered. */
export const OPTIONS: Signs = 1 << 4;
/** It did not end with a FIN each, soon after one another and acknowledged. */
export const CLOSING: Signs = 1 << 5;
export const ICMP: Signs = 1 << 6;
/** Congestion was marked. */
export const MARKED: Signs = 1 << 7;
export const ZERO_WINDOW: Signs = 1 << 8;
export const WRONG_CHECKSUM: Signs = 1 << 9;
/** Its ports had been used before. */
export const REUSED: Signs = 1 << 10;
/** Something was skipped. */
export const HOLES: Signs = 1 << 11;
/** A receiver reports that something came twice. */
export const TWICE: Signs = 1 << 12;

// How an end sent its data
/** It waited for delayed ACKs. */
export const STALLS: Signs = 1 << 13;
/** It took its time to answer. */
export const SLOW_ANSWERS: Signs = 1 << 14;
/** It sent nothing for so long that it began anew. */
export const RESTARTS: Signs = 1 << 15;
/** It had nothing to send. */
export const PAUSES: Signs = 1 << 16;
/** As much as its peer had room for. */
export const WINDOW_LIMIT: Signs = 1 << 17;
/** As much as it ever had under way. */
export const FLIGHT_LIMIT: Signs = 1 << 18;
/** The round trips became much longer. */
export const SWOLLEN: Signs = 1 << 19;

/** Some segment was judged so. */
export function judged(...kinds: readonly Verdict[]): Signs {
  return kinds.reduce((signs, kind) => signs | (1 << (FIRST_VERDICT + kind)), 0);
}
const FIRST_VERDICT = 20;

export function signsOf(flow: Flow): Signs {
  const { first, second, client, server, timeline } = flow;
  const { flags, seen, verdicts, hasZeroWindow } = timeline.segments;
  let signs = verdicts << FIRST_VERDICT;
  if (flags & RST) signs |= RESET;
  if (first.arrivedTwice + second.arrivedTwice > 0) signs |= TWICE;
  if (seen & DUPLICATE_ACK) signs |= ACKS_REPEATED;
  if (seen & OLD_TIMESTAMP) signs |= OLD_TIMESTAMPS;
  if (!isPlainOpening(client, server)) signs |= OPENING;
  if (withholds(client, server)) signs |= OPTIONS;
  if (flags & FIN && !isPlainClose(client, server)) signs |= CLOSING;
  if (timeline.icmp.length > 0) signs |= ICMP;
  if (first.congestion !== undefined || second.congestion !== undefined) signs |= MARKED;
  if (hasZeroWindow) signs |= ZERO_WINDOW;
  if (isCorrupted(first) || isCorrupted(second)) signs |= WRONG_CHECKSUM;
  if (flow.previous !== undefined) signs |= REUSED;
  if (!first.holes.isEmpty || !second.holes.isEmpty) signs |= HOLES;
  return signs | paceOf(first) | paceOf(second);
}

/** A SYN, a SYN-ACK that answers it before anything else, and something from the server after that. */
function isPlainOpening(client: Endpoint, server: Endpoint): boolean {
  const isOnce = client.syns === 1 && server.syns === 1 && client.beganWithSyn && server.beganWithSyn;
  if (!isOnce || client.synFlags & ACK || !(server.synFlags & ACK)) return false;
  return server.synAck === ((client.iss + 1) | 0) && server.segments > 1;
}

function withholds(client: Endpoint, server: Endpoint): boolean {
  if (!server.hasOffer) return false;
  const isUnscaled = client.windowScale >= 0 && server.windowScale < 0;
  return isUnscaled || (client.sackPermitted && !server.sackPermitted) || (client.timestamps && !server.timestamps);
}

/** Longer than an end takes to close when its peer has; nanoseconds. */
const SOON = 1e9;

function isPlainClose(client: Endpoint, server: Endpoint): boolean {
  if (!client.hasFin || !server.hasFin || !isTaken(client) || !isTaken(server)) return false;
  const [ours, theirs] = [client.finRepeats, server.finRepeats];
  const isOnce = ours.count === 1 && theirs.count === 1;
  const isKnown = isAfter(client.finAck, server.finSeq) || isAfter(server.finAck, client.finSeq);
  return isOnce && isKnown && Math.abs(ours.first - theirs.first) < SOON;
}

function isTaken({ isAcknowledged, finSeq, sndUna }: Endpoint): boolean {
  return isAcknowledged && isBefore(finSeq, sndUna);
}

/** Some of its checksums are wrong, others are not, so that the host does not leave them to its network card; or it had to send again. */
function isCorrupted({ badChecksums, goodChecksums, hasResent }: Endpoint): boolean {
  return badChecksums > 0 && (badChecksums <= goodChecksums || hasResent);
}

function paceOf({ pace, roundTrips }: Endpoint): Signs {
  if (pace === undefined) return 0;
  let signs = 0;
  if (pace.nagleStallCount > 2) signs |= STALLS;
  if (pace.slowAnswers.length > 0) signs |= SLOW_ANSWERS;
  if (pace.restarts.length > 0) signs |= RESTARTS;
  if (pace.pauses > 2) signs |= PAUSES;
  if (pace.windowLimited > 3) signs |= WINDOW_LIMIT;
  if (pace.atCeiling > 7) signs |= FLIGHT_LIMIT;
  if (roundTrips.count > 7 && roundTrips.swollen >= roundTrips.shortest * 3) signs |= SWOLLEN;
  return signs;
}
