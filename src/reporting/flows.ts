import { RST } from '../decode/flags.js';
import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';
import type { Seen } from '../flow/seen.js';
import { CLOSED, ESTABLISHED, LISTEN, STATE_NAMES, SYN_RECV, SYN_SENT, TIME_WAIT, UNKNOWN } from '../flow/state.js';
import { NOWHERE } from '../flow/timeline/moments.js';
import type { Moment } from '../flow/timeline.js';
import { timerThatEnded } from '../flow/timers/explain.js';
import { waitBehind } from '../flow/timers/waits.js';
import { isResent, NONE, verdictName } from '../flow/verdict.js';
import { socketText } from '../hosts/address.js';
import { isOneSided } from '../hosts/completeness.js';
import { looksLikeLinux } from '../hosts/fingerprint.js';
import type { Placed } from '../hosts/vantage.js';
import { durationText } from '../hosts/wording.js';
import { observations } from '../observations/index.js';
import type { FlowReport, ReportedMoment, Traffic } from '../report.js';
import { disagreementsOf } from './disagreements.js';
import { segmentText } from './segment-text.js';
import { pendingTimers } from './timers.js';

/** A conversation for the report. `start`: nanoseconds of the capture's first frame. */
export function flowReport(flow: Flow, placed: Placed, start: number): FlowReport {
  const { client, server, timeline } = flow;
  const sideOf = (side: number): 'client' | 'server' => (side === client.side ? 'client' : 'server');
  const seconds = (time: number): number => Math.round((time - start) / 1e3) / 1e6;
  return {
    stream: flow.stream,
    client: socketText(client),
    server: socketText(server),
    roles: flow.roleReason,
    vantage: { place: placed.vantage, reason: placed.reason },
    start: seconds(flow.firstTime),
    seconds: Math.round((flow.lastTime - flow.firstTime) / 1e3) / 1e6,
    outcome: outcomeOf(flow),
    roundTrip: roundTripOf(flow),
    sent: { client: traffic(client, flow), server: traffic(server, flow) },
    states: timeline.transitions.map(({ side, at, from, to, frame, basis }) => ({
      side: sideOf(side),
      at: seconds(at),
      from: STATE_NAMES[from] ?? '',
      to: STATE_NAMES[to] ?? '',
      frame,
      basis,
      ...(basis === 'timer' &&
        looksLikeLinux(side === client.side ? client : server) && { timer: timerThatEnded(from, at - enteredAt(flow, side, at))?.setting ?? null }),
    })),
    clock: clockOf(flow, placed),
    timers: pendingTimers(flow, start),
    moments: timeline.moments.map((moment): ReportedMoment => {
      const sender = moment.side === client.side ? client : server;
      return {
        frame: moment.frame,
        at: seconds(moment.time),
        side: sideOf(moment.side),
        segment: segmentText(moment, sender, flow.peer(sender)),
        flags: flagsOf(moment.seen),
        verdict: verdictName(moment.verdict),
        ...waitOf(moment, flow),
        count: moment.count,
      };
    }),
    disagreements: disagreementsOf(flow),
  };
}

/** What was seen of a segment, by name: nothing, of most. */
function flagsOf(seen: Seen): string[] {
  return seen === 0 ? [] : observations.filter(({ bit }) => seen & bit).map(({ id }) => id);
}

/** When a side entered the state that it left at `at`. */
function enteredAt({ timeline }: Flow, side: number, at: number): number {
  return timeline.transitions.findLast((before) => before.side === side && before.at < at)?.at ?? at;
}

/** The times of both ends are on one clock, that of the capture; what happens at an end is set later or earlier by its distance. */
function clockOf(flow: Flow, { vantage }: Placed): string {
  const far = Math.max(flow.delayTo(flow.first), flow.delayTo(flow.second));
  const where = vantage === 'middle' || vantage === 'client' || vantage === 'server' ? ` (${vantage})` : '';
  const shift = far > 0 ? `; what the farther end sends or gets is set ${durationText(far)} off, half its shortest round trip` : '';
  return `the capture's${where}${shift}`;
}

/** Which timer made the sender wait; nothing when it was none, or its host does not look like Linux. */
function waitOf(moment: Moment, flow: Flow): { wait?: { seconds: number; timer: string; doublings: number } } {
  const { side, verdict, time } = moment;
  const sender = side === flow.first.side ? flow.first : flow.second;
  const last = moment.earlier ?? flow.timeline.moments.findLast((before) => before.side === side && before.verdict === verdict && before.time < time);
  if (verdict === NONE || last === undefined || !looksLikeLinux(sender)) return {};
  const found = waitBehind(verdict, time - last.time, sender.roundTrips.smoothed);
  return found === undefined ? {} : { wait: { seconds: Math.round((time - last.time) / 1e3) / 1e6, ...found } };
}

/** From the point of capture to each end and back, added up. */
function roundTripOf({ client, server }: Flow): number | null {
  const [toServer, toClient] = [client.roundTrips, server.roundTrips];
  if (toServer.count === 0 && toClient.count === 0) return null;
  return Math.round((toServer.shortest + toClient.shortest) / 1e3) / 1e6;
}

function traffic({ segments, payload, side }: Endpoint, flow: Flow): Traffic {
  const { moments, segments: kept } = flow.timeline;
  const resent = moments.filter((moment) => moment.side === side && isResent(moment.verdict)).length;
  return { segments, bytes: payload, resent: resent + (kept.forgottenVerdicts?.judged(side, isResent).segments ?? 0) };
}

/** How far a conversation got, in a few words; healthy ones are only counted by it. */
export function outcomeOf(flow: Flow): string {
  const { client, server, timeline, givenUpAt, lastTime } = flow;
  const wasReset = timeline.segments.first(RST) !== NOWHERE;
  if (givenUpAt - lastTime < SILENCE && !wasReset && !ended(client, server)) return 'given up to make room';
  if (!client.hasSyn && !server.hasSyn)
    return ended(client, server)
      ? 'begun before the capture, closed'
      : wasReset
        ? 'begun before the capture, reset'
        : 'begun before the capture, still open';
  if (isOneSided(flow)) return 'only one direction captured';
  if (server.segments === 0) return 'never answered';
  if (!isOpen(server) && !isOpen(client) && !timeline.states.reach(ESTABLISHED))
    return wasReset ? 'refused or reset in the handshake' : 'handshake never completed';
  if (wasReset) return 'reset';
  if (ended(client, server)) return 'closed';
  return client.hasFin || server.hasFin ? 'half closed' : 'still open';
}

/** Nanoseconds: what waits for less can still be answered. A SYN is sent again after a second (RFC 6298 section 2). */
const SILENCE = 1e9;

function ended(client: Endpoint, server: Endpoint): boolean {
  return client.hasFin && server.hasFin;
}

function isOpen({ state }: Endpoint): boolean {
  return state !== UNKNOWN && state !== CLOSED && state !== LISTEN && state !== SYN_SENT && state !== SYN_RECV && state !== TIME_WAIT;
}
