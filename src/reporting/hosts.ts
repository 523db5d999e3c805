import { hostText } from '../hosts/address.js';
import type { Fingerprint } from '../hosts/fingerprint.js';
import type { Hosts } from '../hosts/hosts.js';
import type { HostSummary } from '../report.js';
import type { Told } from './findings.js';

/** The hosts of the conversations that are reported: what their SYNs say about their kernels. */
export function hostSummaries(told: readonly Told[], hosts: Hosts): HostSummary[] {
  const addresses = new Set(told.flatMap(({ flow }) => [hostText(flow.client), hostText(flow.server)]));
  return [...addresses].sort().map((address) => {
    const looks = hosts.fingerprints.ofHost(address);
    return { address, isLinux: looks.isLinux, kernel: kernelText(looks), reasons: looks.reasons };
  });
}

function kernelText({ since, before, kernel }: Fingerprint): string | null {
  if (kernel !== undefined) return kernel.release;
  if (since === undefined) return null;
  return before === undefined ? `${since} or later` : `${since} or later, before ${before}`;
}
