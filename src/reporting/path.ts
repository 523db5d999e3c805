import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';
import { hostText } from '../hosts/address.js';
import type { PathPoint, PathReport, Rewriting, SilenceReport, WayReport } from '../path-report.js';
import type { Outcome } from '../vantages/differences.js';
import { changesOf } from '../vantages/rewritten.js';
import { type Encounter, isClientAtOne } from '../vantages/route.js';
import { silencesOf } from '../vantages/silences.js';
import { eventsOf, MOST_EVENTS } from './path-events.js';
import { pathSentences, silenceSentence } from './path-sentences.js';
import { wayReport } from './path-way.js';

/** The two directions of one conversation between two captures: towards the server, and towards the client. */
export type Crossing = readonly [Outcome, Outcome];

/** One meeting, told from the client's side to the server's: two reports when clients are on both sides. */
export function pathReports(encounter: Encounter, points: readonly PathPoint[]): PathReport[] {
  return [true, false].flatMap((fromOne) => {
    const crossings = encounter.outcomes
      .filter(([{ met }]) => isClientAtOne(met) === fromOne)
      .map(([out, back]): Crossing => (fromOne ? [out, back] : [back, out]));
    return crossings.length === 0 ? [] : [pathReport(encounter, points, crossings, fromOne)];
  });
}

function pathReport({ one, other, meeting }: Encounter, points: readonly PathPoint[], crossings: readonly Crossing[], fromOne: boolean): PathReport {
  const [from, to] = (fromOne ? [points[one], points[other]] : [points[other], points[one]]) as [PathPoint, PathPoint];
  const { clock } = meeting;
  const gained = (meeting.other.epoch - meeting.one.epoch) * 1e9 + clock.offset + clock.drift * meeting.one.start;
  // All times are on the one's clock; the report counts from the start of the capture that it goes from.
  const start = fromOne ? meeting.one.start : (meeting.other.start - clock.offset) / (1 + clock.drift);
  const seconds = (time: number): number => Math.round((time - start) / 1e3) / 1e6;
  const ways: [WayReport, WayReport] = [wayReport(crossings, 0), wayReport(crossings, 1)];
  const events = eventsOf(crossings, seconds).sort((a, b) => a.at - b.at);
  const end = (fromOne ? meeting.one : meeting.other).end;
  const report = {
    from,
    to,
    clock: {
      offset: Math.round((fromOne ? gained : -gained) / 1e3) / 1e6,
      drift: Math.round((fromOne ? clock.drift : -clock.drift) * 1e8) / 100,
      uncertainty: Number.isFinite(clock.uncertainty) ? Math.round(clock.uncertainty / 1e3) / 1e6 : null,
      basis: clock.basis,
    },
    conversations: crossings.filter(([{ met }]) => met.one !== undefined && met.other !== undefined).length,
    onlyFrom: crossings.filter(([{ met }]) => (fromOne ? met.other : met.one) === undefined).length,
    onlyTo: crossings.filter(([{ met }]) => (fromOne ? met.one : met.other) === undefined).length,
    ways,
    events: events.slice(0, MOST_EVENTS),
    eventsOmitted: Math.max(0, events.length - MOST_EVENTS),
    rewritten: rewritings(crossings, fromOne),
    silences: silences(crossings, fromOne, seconds, end),
  };
  return { ...report, sentences: pathSentences(report) };
}

function rewritings(crossings: readonly Crossing[], fromOne: boolean): Rewriting[] {
  const found = new Map<string, Rewriting>();
  const add = (rewriting: Rewriting): void => {
    const key = `${rewriting.direction} ${rewriting.what} ${FIRST_ONLY.has(rewriting.what) ? '' : `${rewriting.before} ${rewriting.after}`}`;
    const known = found.get(key);
    found.set(key, known === undefined ? rewriting : { ...known, count: known.count + rewriting.count });
  };
  for (const crossing of crossings) {
    for (const [k, outcome] of crossing.entries()) {
      const { up, down } = outcome.way.passage;
      const frames = (change: { up: number; down: number }): Rewriting['frames'] => {
        const [first, second] = [up.frame[change.up] as number, down.frame[change.down] as number];
        return k === 0 ? { from: first, to: second } : { from: second, to: first };
      };
      for (const { what, before, after, count, ...records } of changesOf(outcome))
        add({ what, direction: k === 0 ? 'to server' : 'to client', before, after, count, frames: frames(records) });
    }
    for (const rewriting of addresses(crossing, fromOne)) add(rewriting);
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}

/** NAT: the addresses and ports of the client and of the server as either capture shows them. */
function addresses([{ met }]: Crossing, fromOne: boolean): Rewriting[] {
  const [near, far] = fromOne ? [met.one, met.other] : [met.other, met.one];
  if (near === undefined || far === undefined) return [];
  const endsOf = ({ flow, sender }: { flow: Flow; sender: 0 | 1 }): [Endpoint, Endpoint] => {
    const [sends, gets] = sender === 0 ? [flow.first, flow.second] : [flow.second, flow.first];
    return fromOne ? [sends, gets] : [gets, sends];
  };
  const [before, after] = [endsOf(near), endsOf(far)];
  const change = (what: string, one: string, other: string): Rewriting[] =>
    one === other
      ? []
      : [{ what, direction: 'to server', before: one, after: other, count: 1, frames: { from: near.flow.firstFrame, to: far.flow.firstFrame } }];
  return ['client', 'server'].flatMap((end, k) => {
    const [one, other] = [before[k] as Endpoint, after[k] as Endpoint];
    return [...change(`${end} address`, hostText(one), hostText(other)), ...change(`${end} port`, `${one.port}`, `${other.port}`)];
  });
}

/** Every segment or conversation has its own values: the first pair stands for all. */
const FIRST_ONLY: ReadonlySet<string> = new Set(['IP ID', 'window', 'client port', 'server port']);
const MOST_SILENCES = 16;

function silences(crossings: readonly Crossing[], fromOne: boolean, seconds: (time: number) => number, end: number): SilenceReport[] {
  const all = crossings.flatMap(([toServer, toClient]) =>
    [toServer, toClient].flatMap((there) => {
      const back = there === toServer ? toClient : toServer;
      const speaker = there === toServer ? 'client' : 'server';
      const [near, far] = fromOne ? [there.met.one, there.met.other] : [there.met.other, there.met.one];
      return silencesOf(there, back, end).map((silence): SilenceReport => {
        const whose = silence.whose === 'host' ? speaker : 'path';
        const streams = { from: near?.flow.stream ?? null, to: far?.flow.stream ?? null };
        return { of: speaker, at: seconds(silence.since), seconds: silence.span / 1e9, streams, whose, sentence: silenceSentence(speaker, silence) };
      });
    }),
  );
  return all.sort((a, b) => b.seconds - a.seconds || a.at - b.at).slice(0, MOST_SILENCES);
}
