import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';
import type { Pairing } from './pairing.js';
import type { Trace } from './trace.js';

/**
 * Conversations between the same ports of the same addresses whose SYNs look alike but for their sequence numbers: something
 * shifts them, and without timestamps nothing else tells. The first of the one is the first of the other.
 */
export function samePorts(one: Trace, other: Trace, among: ReadonlySet<number>, amongOther: ReadonlySet<number>): Pairing[] {
  const waiting = new Map<string, Flow[]>();
  for (const stream of amongOther) {
    const flow = other.flows[stream];
    if (flow?.client.hasSyn) waiting.set(keyOf(flow), [...(waiting.get(keyOf(flow)) ?? []), flow]);
  }
  return [...among].flatMap((stream) => {
    const flow = one.flows[stream];
    const twin = flow?.client.hasSyn ? waiting.get(keyOf(flow))?.shift() : undefined;
    if (flow === undefined || twin === undefined) return [];
    const isCrossed = (flow.client === flow.first) !== (twin.client === twin.first);
    const shift = (endpoint: Endpoint): number => {
      const same = endpoint === flow.client ? twin.client : twin.server;
      return endpoint.hasSyn && same.hasSyn ? (same.iss - endpoint.iss) | 0 : 0;
    };
    return [
      { one: stream, other: twin.stream, alsoOne: [], alsoOther: [], isCrossed, shifts: [shift(flow.first), shift(flow.second)] as [number, number] },
    ];
  });
}

function keyOf({ client, server }: Flow): string {
  const socket = ({ address0, address1, address2, address3, port }: Endpoint): string => `${address0} ${address1} ${address2} ${address3} ${port}`;
  return `${socket(client)} ${socket(server)} ${client.synOptionKinds} ${client.synWindow}`;
}
