import { type FactFile, readFacts } from '../facts/host.js';
import { parseKernel } from '../facts/kernel.js';
import type { Hosts } from '../hosts/hosts.js';
import { type Spans, Witnesses } from '../root-causes/testimony/witnesses.js';

export type { HostSpans, Span } from '../root-causes/testimony/witnesses.js';

/** Kernels by the role of their hosts, as the reader names them. */
export interface Kernels {
  readonly client?: string;
  readonly server?: string;
}

/** Gives each host of the capture what was saved on it, and tells the fingerprints which kernels are known. */
export function witnessesOf(files: readonly FactFile[], kernels: Kernels, hosts: Hosts, spans: Spans): Witnesses {
  const witnesses = new Witnesses(readFacts(files), hosts.roles, spans);
  for (const [address, { facts }] of witnesses.addresses) if (facts.kernel !== undefined) hosts.fingerprints.tell(address, facts.kernel);
  for (const role of ['client', 'server'] as const) {
    const kernel = kernels[role] && parseKernel(kernels[role]);
    if (kernel) for (const address of hosts.roles.of(role)) hosts.fingerprints.tell(address, kernel);
  }
  return witnesses;
}
