import { type RecordedFrame, toPcap, toPcapng } from './frames.js';
import { cooked, inIp6, inVxlan, renamed, tcpOf, withVlan } from './headers.js';
import { elsewhere, swapping } from './renaming.js';

/** Another way to record the same: the files that result, or undefined where it cannot be done to these frames. */
export type Transformation = (frames: readonly RecordedFrame[]) => Buffer[] | undefined;

const LINUX_SLL2 = 276;

const THREE_YEARS = 94_608_000_700_000_000n;

export const transformations = {
  later: (frames) => [toPcap(frames.map((frame) => ({ ...frame, time: frame.time + THREE_YEARS })))],
  pcapng: (frames) => [toPcapng(frames)],
  rotated: (frames) => {
    const third = Math.ceil(frames.length / 3);
    return [0, 1, 2].map((i) => toPcap(frames.slice(i * third, (i + 1) * third)));
  },
  vlan: onEach(withVlan),
  anyDevice: (frames) => [
    toPcap(
      frames.map((frame) => rewritten(frame, cooked)),
      LINUX_SLL2,
    ),
  ],
  vxlan: (frames) => [toPcap(frames.map((frame) => rewritten(frame, (bytes) => inVxlan(bytes, frame.original))))],
  elsewhere: onEach((bytes) => renamed(bytes, elsewhere)),
  swapped: (frames) => {
    const hosts = [...new Set(frames.flatMap(({ bytes }) => tcpOf(bytes) ?? []).flatMap(({ from, to }) => [from, to]))];
    const [one, other] = hosts.map((hex) => Buffer.from(hex, 'hex'));
    if (hosts.length !== 2 || one === undefined || other === undefined) return undefined;
    return onEach((bytes) => renamed(bytes, swapping(one, other)))(frames);
  },
  ip6: (frames) => {
    const moved = frames.map((frame) => inIp6(frame.bytes));
    return moved.includes(undefined) ? undefined : onEach((bytes) => inIp6(bytes) as Buffer)(frames);
  },
  cut: (frames) => [toPcap(frames.map((frame) => ({ ...frame, bytes: frame.bytes.subarray(0, 96) })))],
} as const satisfies Record<string, Transformation>;

function onEach(change: (bytes: Buffer) => Buffer): Transformation {
  return (frames) => [toPcap(frames.map((frame) => rewritten(frame, change)))];
}

/** What headers add is also added to the length on the wire. */
function rewritten(frame: RecordedFrame, change: (bytes: Buffer) => Buffer): RecordedFrame {
  const bytes = change(frame.bytes);
  return { ...frame, bytes, original: frame.original + bytes.length - frame.bytes.length };
}
