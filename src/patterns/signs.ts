import { ACK, FIN, RST } from '../decode/flags.js';
import { isAfter, isBefore } from '../decode/sequence.js';
import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';

/**
 * What is plain to see of a flow at first glance, a bit each. A pattern names those of which one must be there; a flow without any, and
 * most are, has nothing to tell and is asked nothing.
 */
export type Signs = number;

/** One end was reset. */
export const RESET: Signs = 1 << 0;
/** A segment was sent again or overtaken, asked whether its peer lives, or came twice. */
export const JUDGED: Signs = 1 << 1;
/** Wireshark flags something. */
export const FLAGGED: Signs = 1 << 2;
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
/** One end waited for the other or for itself, or sent as much as it could. */
export const PACE: Signs = 1 << 9;
export const WRONG_CHECKSUM: Signs = 1 << 10;
/** Its ports had been used before. */
export const REUSED: Signs = 1 << 11;
/** Something was skipped. */
export const HOLES: Signs = 1 << 12;

export function signsOf(flow: Flow): Signs {
  const { first, second, client, server, timeline } = flow;
  const { flags, seen, isJudged, hasZeroWindow } = timeline.segments;
  let signs = 0;
  if (flags & RST) signs |= RESET;
  if (isJudged || first.arrivedTwice + second.arrivedTwice > 0) signs |= JUDGED;
  if (seen !== 0) signs |= FLAGGED;
  if (!isPlainOpening(client, server)) signs |= OPENING;
  if (withholds(client, server)) signs |= OPTIONS;
  if (flags & FIN && !isPlainClose(client, server)) signs |= CLOSING;
  if (timeline.icmp.length > 0) signs |= ICMP;
  if (first.congestion !== undefined || second.congestion !== undefined) signs |= MARKED;
  if (hasZeroWindow) signs |= ZERO_WINDOW;
  if (hasPace(first) || hasPace(second)) signs |= PACE;
  if (isCorrupted(first) || isCorrupted(second)) signs |= WRONG_CHECKSUM;
  if (flow.previous !== undefined) signs |= REUSED;
  if (!first.holes.isEmpty || !second.holes.isEmpty) signs |= HOLES;
  return signs;
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

/** Some of its checksums are wrong, others are not: the host does not leave them to its network card. */
function isCorrupted({ badChecksums, goodChecksums }: Endpoint): boolean {
  return badChecksums > 0 && badChecksums <= goodChecksums;
}

function hasPace({ pace, roundTrips }: Endpoint): boolean {
  if (pace === undefined) return false;
  const waited = pace.nagleStallCount > 0 || pace.slowAnswers.length > 0 || pace.restarts.length > 0 || pace.pauses > 2;
  return waited || pace.windowLimited > 3 || pace.atCeiling > 7 || (roundTrips.count > 7 && roundTrips.swollen >= roundTrips.shortest * 3);
}
