import type { Flow } from '../flow/flow.js';
import type { Hosts } from '../hosts/hosts.js';
import type { Vantage } from '../hosts/vantage.js';
import type { Met } from '../vantages/meeting.js';
import { type Encounter, isClientAtOne } from '../vantages/route.js';

/** An end that answers so much sooner than the way between the captures takes is the one where the capture was made. */
const MUCH_SOONER = 4;
const INITIAL_TTLS: ReadonlySet<number> = new Set([64, 128, 255]);

/** Of several captures of a flow the one nearer to the client cannot be the server's, and the other way round: each is told so. */
export function placesOf(encounters: readonly Encounter[], hosts: readonly Hosts[]): void {
  for (const { one, other, meeting } of encounters) {
    for (const met of meeting.met) {
      const isOneNear = isClientAtOne(met);
      const between = meeting.clock.basis === 'both ways' ? meeting.clock.uncertainty * 2 : 0;
      place(met.one?.flow, hosts[one], isOneNear ? 'client' : 'server', between, met);
      place(met.other?.flow, hosts[other], isOneNear ? 'server' : 'client', between, met);
    }
  }
}

/** `near`: the end that is nearer to this capture than to the other one; `between`: nanoseconds from the one capture to the other and back. */
function place(flow: Flow | undefined, hosts: Hosts | undefined, near: 'client' | 'server', between: number, { one, other }: Met): void {
  if (flow === undefined || hosts === undefined || one === undefined || other === undefined) return;
  const own = hosts.vantages.of(flow);
  if (own.vantage === near || (own.vantage === 'middle' && own.reason.includes('capturing host'))) return;
  const end = flow[near];
  const answers = flow.peer(end).roundTrips;
  const isQuick = answers.count > 0 && answers.shortest * MUCH_SOONER < between;
  const isUnrouted = end.segments > 0 && INITIAL_TTLS.has(end.ttl);
  const reason = `of the captures it is the one nearer to the ${near}`;
  if (isQuick || (isUnrouted && own.vantage !== 'middle')) hosts.vantages.place(flow, { vantage: near, reason });
  else if (own.vantage !== 'middle') hosts.vantages.place(flow, { vantage: 'middle', reason: `${reason}, but not known to be at it` });
}

/** Where most flows of a capture say that it was made. */
export function placeOf({ vantages }: Hosts, flows: readonly Flow[]): Vantage {
  const votes = new Map<Vantage, number>();
  for (const flow of flows) {
    const { vantage } = vantages.of(flow);
    if (vantage !== 'unknown') votes.set(vantage, (votes.get(vantage) ?? 0) + 1);
  }
  return [...votes].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 'unknown';
}
