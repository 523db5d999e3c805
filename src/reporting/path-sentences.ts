import { countText, durationText, listText } from '../hosts/wording.js';
import type { ClockReport, PathPoint, PathReport, WayReport } from '../path-report.js';
import type { Silence } from '../vantages/silences.js';

type Facts = Omit<PathReport, 'sentences'>;

/** What a path report says, for people; the most important first. */
export function pathSentences(report: Facts): string[] {
  const { rewritten, silences, clock, onlyFrom, onlyTo, from, to } = report;
  const between = `between ${nameOf(from, to)} and ${nameOf(to, from)}`;
  return [
    lossText(report, between),
    ...strangeText(report, between),
    ...delayText(report),
    ...rewritten.slice(0, MOST_REWRITINGS).map(({ what, before, after, count, direction }) => {
      const many = count > 1 ? ` (${count} conversations${what.endsWith('port') ? ', the first of them' : ''})` : '';
      if (what.endsWith('address') || what.endsWith('port')) return `The ${what} ${before} becomes ${after} on the way${many}.`;
      const which = direction === 'to server' ? 'the client' : 'the server';
      const values = what === 'IP ID' || what === 'window' ? `the first from ${before} to ${after}` : `${before} becomes ${after}`;
      return `Changed on the way, on ${countText(count, 'segment')} of ${which}: ${what}, ${values}.`;
    }),
    ...silences.slice(0, MOST_SILENCES).map(({ sentence }) => sentence),
    ...(onlyFrom > 0 ? [`${countText(onlyFrom, 'conversation')} never got to ${nameOf(to, from)}.`] : []),
    ...(onlyTo > 0 ? [`${countText(onlyTo, 'conversation')} of ${nameOf(to, from)} never passed ${nameOf(from, to)}.`] : []),
    clockText(clock, from, to),
  ];
}

const MOST_REWRITINGS = 6;
const MOST_SILENCES = 4;

/** The host at which a capture was made; where both were made in the middle, or nobody knows, the capture's name. */
function nameOf(point: PathPoint, other: PathPoint): string {
  return (point.place === 'client' || point.place === 'server') && point.place !== other.place ? point.place : point.capture;
}

function lossText({ ways }: Facts, between: string): string {
  const [toServer, toClient] = ways;
  const share = ({ lost, sent }: WayReport): string => `${number(lost)} of ${number(sent)} segments`;
  if (toServer.lost + toClient.lost === 0)
    return `No segment was lost ${between}: ${number(toServer.arrived)} arrived one way, ${number(toClient.arrived)} the other.`;
  if (toClient.lost === 0) return `${share(toServer)} vanished ${between} on the way to the server, none the other way.`;
  if (toServer.lost === 0) return `${share(toClient)} vanished ${between} on the way to the client, none the other way.`;
  return `${share(toServer)} vanished ${between} on the way to the server, ${share(toClient)} the other way.`;
}

function strangeText({ ways }: Facts, between: string): string[] {
  const say = (what: string, pick: (way: WayReport) => number, where = ` ${between}`): string[] => {
    const parts = ways.flatMap((way) =>
      pick(way) > 0 ? [`${number(pick(way))} on the way ${way.direction === 'to server' ? 'to the server' : 'to the client'}`] : [],
    );
    return parts.length === 0 ? [] : [`${what}${where}: ${listText(parts)}.`];
  };
  return [
    ...say('Overtaken by later segments', ({ reordered }) => reordered),
    ...say('Doubled', ({ duplicated }) => duplicated),
    ...say('Made on the way, not by the sender,', ({ injected }) => injected),
    ...say('Held up much longer than the others', ({ delayed }) => delayed),
    ...say('Missed by one of the captures, although they did pass', ({ uncaptured }) => uncaptured, ''),
    ...say('Of unknown fate, because the other capture may not have been running', ({ unknown }) => unknown, ''),
  ];
}

function delayText({ ways, clock }: Facts): string[] {
  const parts = ways.flatMap(({ direction, delay }) => {
    if (delay === null) return [];
    const [shortest, median, longest] = [delay.shortest, delay.median, delay.longest].map((seconds) => durationText(Math.max(seconds, 0) * 1e9));
    return [`${direction} ${median} as a rule (${shortest} to ${longest})`];
  });
  if (parts.length === 0) return [];
  const how =
    clock.basis === 'both ways' ? 'taking the fastest to be as quick either way' : 'counted from the fastest, because only one direction tells';
  return [`Under way: ${parts.join(', ')}; ${how}.`];
}

function clockText({ offset, drift, uncertainty, basis }: ClockReport, from: PathPoint, to: PathPoint): string {
  if (basis === 'assumed') return `Nothing tells how the clocks of ${from.capture} and ${to.capture} differ: they are taken to agree.`;
  const within = uncertainty === null ? '' : ` (within ${durationText(uncertainty * 1e9)})`;
  const gains = drift === 0 ? '' : ` and ${drift > 0 ? 'gains' : 'loses'} ${Math.abs(drift)} µs a second`;
  return `The clock of ${to.capture} is ${durationText(Math.abs(offset) * 1e9)} ${offset < 0 ? 'behind' : 'ahead of'} that of ${from.capture}${within}${gains}.`;
}

export function silenceSentence(speaker: 'client' | 'server', { span, whose, segments }: Silence): string {
  const peer = speaker === 'client' ? 'server' : 'client';
  const silent = `For ${durationText(span)} the ${peer} heard nothing from the ${speaker}`;
  if (whose === 'path') return `${silent}: the path's silence, ${countText(segments, 'segment')} vanished meanwhile.`;
  if (whose === 'path back') return `${silent}: the path's silence, ${countText(segments, 'segment')} that asked for an answer never got there.`;
  return `${silent}: the ${speaker}'s own silence, ${countText(segments, 'segment')} that asked for an answer had reached it.`;
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}
