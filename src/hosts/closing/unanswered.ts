import { distance, isBefore } from '../../decode/sequence.js';
import type { Endpoint } from '../../flow/endpoint.js';

/** What had come to an end until it reset the connection. */
export interface Unanswered {
  /** Bytes of its peer, at all. */
  readonly received: number;
  /** Of these, after what it had sent last itself. */
  readonly unanswered: number;
  /** Nanoseconds since the epoch when the last data passed the point of capture; undefined when none did. */
  readonly dataTime: number | undefined;
}

/** What its peer sent afterwards, or what was still on its way, does not count: the reset acknowledges what had come. */
export function unansweredAt(endpoint: Endpoint, peer: Endpoint, reset: { readonly frame: number; readonly time: number }): Unanswered {
  if (peer.dataSegments === 0) return { received: 0, unanswered: 0, dataTime: undefined };
  const { lastDataTime } = peer;
  const received = Math.min(peer.payload, acknowledgedBy(endpoint, peer) ?? peer.payload);
  if (lastDataTime <= reset.time) {
    const isAnswered = endpoint.lastDataTime >= lastDataTime;
    return { received, unanswered: isAnswered ? 0 : Math.max(0, received - endpoint.answeredPayload), dataTime: lastDataTime };
  }
  const last = lastDataBefore(peer, reset.frame);
  const isAnswered = endpoint.lastDataFrame > (last?.frame ?? Number.POSITIVE_INFINITY);
  const unanswered = isAnswered ? 0 : Math.max(0, received - endpoint.answeredPayload);
  return { received, unanswered, dataTime: last?.time };
}

/** Bytes of payload. */
function acknowledgedBy({ hasRcvNxt, rcvNxt }: Endpoint, peer: Endpoint): number | undefined {
  if (!hasRcvNxt || !peer.hasSyn) return undefined;
  const fin = peer.hasFin && isBefore(peer.finSeq, rcvNxt) ? 1 : 0;
  return Math.max(0, distance(rcvNxt, peer.iss) - 1 - fin);
}

function lastDataBefore({ transmissions }: Endpoint, frame: number): { frame: number; time: number } | undefined {
  const last = transmissions.findLast((at) => transmissions.endOf(at) !== transmissions.seqOf(at) && transmissions.frameOf(at) < frame);
  return last === undefined ? undefined : { frame: transmissions.frameOf(last), time: transmissions.timeOf(last) };
}
