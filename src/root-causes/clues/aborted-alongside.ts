import { hostText } from '../../hosts/address.js';
import type { Aborted } from '../../hosts/closing/aborts.js';
import type { Case } from '../cause.js';

/** Nanoseconds, as for the pattern aborted-together. */
const TOGETHER = 20e6;

/** Other connections that the same host reset in the same instant, given when it reset this one. */
export function abortedAlongside({ part, story, hosts }: Case, time: number): Aborted[] {
  return abortedByHost(part, hosts).filter((one) => one.stream !== story.flow.stream && Math.abs(one.time - time) < TOGETHER);
}

/** How many other connections the same host reset at other times. */
export function abortedOtherwise({ part, hosts }: Case, time: number): number {
  return abortedByHost(part, hosts).filter((one) => Math.abs(one.time - time) >= TOGETHER).length;
}

function abortedByHost({ endpoint }: Case['part'], { aborts }: Case['hosts']): readonly Aborted[] {
  return aborts.of(hostText(endpoint));
}
