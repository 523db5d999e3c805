import { type ClosedFirst, closeText, mostAtOnce } from '../../hosts/closing/closes.js';
import type { Hosts } from '../../hosts/hosts.js';
import { durationText } from '../../hosts/wording.js';
import type { HostPattern } from '../pattern.js';

interface Evidence {
  /** Ports in TIME_WAIT at once, and the range between the lowest and the highest of them. */
  ports: number;
  lowest: number;
  highest: number;
  /** They were taken one after another in the order of their numbers. */
  isInOrder: boolean;
  /** Nanoseconds for which the capture goes on without another SYN to that server. */
  quiet: number;
}

const MANY = 10;
/** From here on a range without a gap is no small one that somebody chose. */
const A_WHOLE_RANGE = 1000;
/** Nearly every port of the range. */
const DENSE = 0.95;
/** Nanoseconds. */
const WORTH_SAYING = 0.5e9;

export const portsUsedUp: HostPattern<'ports-used-up', Evidence> = {
  id: 'ports-used-up',
  title: 'A client has used every port of a range towards one server',
  severity: 'warning',
  about: `The client closes first, so each of its ports stays in TIME_WAIT towards that server for a minute, and the ports that it used fill a range
    without a gap. A kernel that chooses ports at random leaves no gap only when it has none left; what fails then leaves no packet.`,
  example: `
${[7, 2, 9, 4, 1, 8, 5, 3, 10, 6]
  .map(
    (port, i) => `
    ${i}.000 ${port}> S  1000:1000(0)          win 64240 <mss 1460>
    ${i}.010 ${port}< S. 5000:5000(0) ack 1001 win 64240 <mss 1460>
    ${i}.010 ${port}> F. 1001:1001(0) ack 5001 win 64240    # ports-used-up
    ${i}.020 ${port}< F. 5001:5001(0) ack 1002 win 64240
    ${i}.020 ${port}> .  1002:1002(0) ack 5002 win 64240`,
  )
  .join('')}
  `,
  recognise({ closes }: Hosts) {
    return closes.tellOf((group) => {
      if (group[0]?.isClient !== true || group.length < MANY) return [];
      const pile = mostAtOnce(group);
      const ports = new Set(pile.map(({ clientPort }) => clientPort));
      const [lowest, highest] = [least(ports), most(ports)];
      if (ports.size < MANY || ports.size < (highest - lowest + 1) * DENSE) return [];
      const evidence = { ports: ports.size, lowest, highest, isInOrder: isInOrder(pile), quiet: closes.until - closes.lastSyn(group[0]) };
      const severity = ports.size < A_WHOLE_RANGE ? 'note' : 'warning';
      return [
        { subject: closeText(group[0]), evidence, streams: pile.map(({ stream }) => stream), frames: pile.map(({ frame }) => frame), severity },
      ];
    });
  },
  tell: ({ ports, lowest, highest, quiet }) => {
    const after = quiet > WORTH_SAYING ? `; no SYN follows for ${durationText(quiet)}` : '';
    return `${ports} ports from ${lowest} to ${highest} are in TIME_WAIT towards that server at once, with no gap between them${after}.`;
  },
};

function least(ports: ReadonlySet<number>): number {
  return [...ports].reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

function most(ports: ReadonlySet<number>): number {
  return [...ports].reduce((a, b) => Math.max(a, b), 0);
}

/** A program that binds its ports itself, or another system than Linux, counts them up. */
function isInOrder(pile: readonly ClosedFirst[]): boolean {
  const opened = pile.toSorted((a, b) => a.opened - b.opened);
  const rising = opened.filter(({ clientPort }, i) => clientPort > (opened[i - 1]?.clientPort ?? 0)).length;
  return rising >= opened.length * 0.9;
}
