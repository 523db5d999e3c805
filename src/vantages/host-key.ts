import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';

export function hostKey({ address0, address1, address2, address3 }: Endpoint): string {
  return `${address0} ${address1} ${address2} ${address3}`;
}

/** The two hosts of a flow, whichever was heard first. */
export function hostsKey({ first, second }: Flow): string {
  return [hostKey(first), hostKey(second)].sort().join(' and ');
}

/** The two sockets of a flow, whichever was heard first. */
export function portsKey({ first, second }: Flow): string {
  return [first, second]
    .map((endpoint) => `${hostKey(endpoint)} ${endpoint.port}`)
    .sort()
    .join(' and ');
}
