import { hostText } from '../../hosts/address.js';
import type { Aborted } from '../../hosts/closing/aborts.js';
import { bursts, isByChance, TOGETHER } from '../../hosts/closing/bursts.js';
import type { Case } from '../cause.js';

/** Other connections that the same host reset in the same instant, given when it reset this one; none where that would be no wonder. */
export function abortedAlongside({ part, story, hosts }: Case, time: number): Aborted[] {
  const all = abortedByHost(part, hosts);
  const alongside = all.filter((one) => one.stream !== story.flow.stream && Math.abs(one.time - time) < TOGETHER);
  return alongside.length > 0 && isByChance(alongside.length + 1, bursts(all)) ? [] : alongside;
}

/** How many other connections the same host reset at other times. */
export function abortedOtherwise({ part, hosts }: Case, time: number): number {
  return abortedByHost(part, hosts).filter((one) => Math.abs(one.time - time) >= TOGETHER).length;
}

function abortedByHost({ endpoint }: Case['part'], { aborts }: Case['hosts']): readonly Aborted[] {
  return aborts.of(hostText(endpoint));
}
