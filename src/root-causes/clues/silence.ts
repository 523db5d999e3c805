import type { Moment } from '../../flow/timeline.js';
import { type Address, isSameAddress } from '../../hosts/address.js';
import type { StampedSyn } from '../../hosts/clock.js';
import type { Heard } from '../../hosts/listener.js';
import { countText } from '../../hosts/wording.js';
import type { Case } from '../cause.js';

/** What the capture says about SYNs that somebody ignored, beside the silence itself. */
export interface Silence {
  /** The capture was made at the server: what it shows of the client has reached that host. */
  readonly hasArrived: boolean;
  /** Other SYNs from the same address that the same server answered: sent between the first and the last of these, and at other times. */
  readonly answeredMeanwhile: number;
  readonly answeredElse: number;
  /** Of all those, the ones to the same port. */
  readonly answeredHere: number;
  /** Other SYNs from that address, ignored as well at about the same time. */
  readonly ignoredMeanwhile: number;
  /** SYNs from other addresses that the same listener answered. */
  readonly answeredStrangers: number;
  /** Connections to the same listener that were open before and were used meanwhile. */
  readonly openMeanwhile: number;
  /** A fresh newer timestamp of the address stands against the first SYN, and the server looks as old as tcp_tw_recycle. */
  readonly isForbidden: boolean;
}

/** Nanoseconds: so far apart two attempts can still suffer from the same thing. */
const NEAR = 5e9;

const known = new WeakMap<Case, Silence>();

/** The client's SYNs are the ones in question, whichever end the pattern is told of. */
export function silenceOf(given: Case): Silence {
  const silence = known.get(given) ?? look(given);
  known.set(given, silence);
  return silence;
}

function look({ story, hosts, looks }: Case): Silence {
  const { flow } = story;
  const [syn] = story.client.syns;
  const from = syn?.time ?? flow.firstTime;
  const to = story.client.syns.at(-1)?.time ?? from;
  const clock = hosts.clocks.between(flow);
  const listener = hosts.listeners.called(story.serverSocket);
  return {
    hasArrived: story.isAt(story.server),
    ...synsOf(clock?.syns ?? [], flow.stream, from, to),
    ...answersOf(listener, flow.stream, flow.client),
    openMeanwhile: listener.during(from, to, 'accepted').filter((one) => one.from < from && one.stream !== flow.stream).length,
    isForbidden: syn !== undefined && looks(story.server).before !== undefined && clock?.newerStamp(stamped(syn, flow.stream)) !== undefined,
  };
}

function synsOf(
  syns: readonly StampedSyn[],
  own: number,
  from: number,
  to: number,
): Pick<Silence, 'answeredMeanwhile' | 'answeredElse' | 'ignoredMeanwhile'> {
  const counts = { answeredMeanwhile: 0, answeredElse: 0, ignoredMeanwhile: 0 };
  for (const { stream, time, isAnswered } of syns) {
    if (stream === own) continue;
    if (isAnswered && time >= from && time <= to) counts.answeredMeanwhile++;
    else if (isAnswered) counts.answeredElse++;
    else if (time > from - NEAR && time < to + NEAR) counts.ignoredMeanwhile++;
  }
  return counts;
}

function answersOf({ attempts }: Heard, own: number, client: Address): Pick<Silence, 'answeredHere' | 'answeredStrangers'> {
  const counts = { answeredHere: 0, answeredStrangers: 0 };
  for (const other of attempts) {
    if (other.stream === own || other.attempt === 'unanswered') continue;
    if (isSameAddress(other.client, client)) counts.answeredHere++;
    else counts.answeredStrangers++;
  }
  return counts;
}

function stamped({ frame, time, hasTimestamps, tsval }: Moment, stream: number): StampedSyn {
  return { stream, frame, time, isAnswered: false, tsval: hasTimestamps ? tsval : undefined };
}

/** For: the SYN is known to have come as far as the server's network card. */
export function arrivalOf({ hasArrived }: Silence): string[] {
  return hasArrived ? ['the SYN was captured at the server: it reached that host, and nothing answered'] : [];
}

/** For what is configured on the server, for this port: it does not go away by itself, and leaves the other ports alone. */
export function persistenceOf(silence: Silence, syns: number): string[] {
  const { hasArrived, answeredMeanwhile, answeredElse, answeredHere } = silence;
  if (!hasArrived) return [];
  const because = syns > 2 ? [`all ${syns} SYNs were ignored: a full queue drains, a rule or a setting stays`] : [];
  if (answeredMeanwhile + answeredElse > answeredHere) because.push('the server answered the same address on another port: it is not the route');
  return because;
}

/** Against: nobody saw it arrive. */
export function doubtOfArrival({ hasArrived }: Silence, { story: { vantage } }: Case): string[] {
  if (hasArrived) return [];
  if (vantage === 'unknown') return ['where this was captured is not known: the SYN may never have reached the server'];
  return [`captured ${vantage === 'client' ? 'at the client' : 'on the way'}: whether the SYN reached the server cannot be seen`];
}

/** Against whatever ignores an address for good: it was answered before or afterwards. */
export function otherAnswers({ answeredElse }: Silence): string[] {
  return answeredElse === 0 ? [] : [`the server answered ${countText(answeredElse, 'other SYN')} from the same address in this capture`];
}

/** Against all but one: the timestamp of the SYN explains it better. */
export function stampReason({ isForbidden }: Silence): string[] {
  return isForbidden ? ['a newer timestamp of the same address came before: a kernel with tcp_tw_recycle ignores the SYN for that'] : [];
}
