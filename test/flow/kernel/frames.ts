import { readFileSync } from 'node:fs';
import { Capture } from '../../../src/capture/capture.js';
import { fileSource } from '../../../src/capture/source.js';
import { FIN, SYN } from '../../../src/decode/flags.js';
import { distance } from '../../../src/decode/sequence.js';
import { verdictName } from '../../../src/flow/verdict.js';
import { follow } from '../../../src/follow.js';
import { addressText } from '../../../src/hosts/address.js';

/** What really became of a segment. */
export type What = 'ordinary' | 'resent' | 'reordered' | 'network-duplicate' | 'capture-duplicate' | 'window-probe' | 'keep-alive' | 'unknown';

/** A segment of a recording: what it is, what is said of it, and what the kernels know of it. */
export interface Frame {
  readonly number: number;
  /** Seconds since 1970. */
  readonly t: number;
  readonly host: string;
  readonly src: string;
  readonly dst: string;
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  /** Sequence numbers used. */
  readonly span: number;
  readonly hasData: boolean;
  /** The same packet elsewhere has the same. */
  readonly key: string;
  verdict: string;
  /** What tshark says, in our words. */
  theirs: string;

  what: What;
  /** Names that are right for the kind of the resend; none when the kernel does not tell. */
  kinds: Set<string>;
  /** Undefined when the receiver's side is not known. */
  spurious: boolean | undefined;
  /** The capture shows something from which it can be told that it is a resend. */
  leavesSign: boolean;
  /** The same packet in the capture of its sender. */
  origin: Frame | undefined;
  /** The receiver's kernel has taken it. */
  arrived: boolean;
}

/** Every TCP segment of a recording with our verdict and tshark's. */
export async function framesOf(path: string): Promise<Frame[]> {
  const capture = new Capture([() => fileSource(path)]);
  const frames: Frame[] = [];
  const byNumber = new Map<number, Frame>();
  await follow(capture, {
    noted: (segment, flow, _, verdict) => {
      const { frame: number, family, seq, ack, flags, ipId, tsval, hasTimestamps } = segment;
      const span = segment.length + (flags & SYN ? 1 : 0) + (flags & FIN ? 1 : 0);
      const host = addressText(family, segment.source0, segment.source1, segment.source2, segment.source3);
      const peer = addressText(family, segment.destination0, segment.destination1, segment.destination2, segment.destination3);
      const frame: Frame = {
        ...{ number, host, seq, ack, flags, span, t: capture.epoch + segment.time / 1e9, hasData: segment.length > 0 },
        ...{ src: `${host}:${segment.sourcePort}`, dst: `${peer}:${segment.destinationPort}` },
        key: [flow.first.port, flow.second.port, seq, ack, flags, span, hasTimestamps ? tsval : 0, ipId].join(' '),
        ...{ verdict: verdictName(verdict), theirs: '-' },
        ...{ what: 'ordinary', kinds: new Set(), spurious: undefined, leavesSign: true, origin: undefined, arrived: false },
      };
      frames.push(frame);
      byNumber.set(number, frame);
    },
    corrected: (number, verdict) => {
      const frame = byNumber.get(number);
      if (frame !== undefined) frame.verdict = verdictName(verdict);
    },
    over: () => {},
  });
  readTheirs(path, byNumber);
  return frames;
}

/** Read kindly: a SYN or FIN counts as named so, a retransmission that is not "fast" as one by timeout. */
function readTheirs(path: string, frames: ReadonlyMap<number, Frame>): void {
  const [, ...rows] = readFileSync(path.replace(/\.pcap$/, '.wireshark.tsv'), 'utf8')
    .trimEnd()
    .split('\n');
  for (const row of rows) {
    const [number, , flags = ''] = row.split('\t');
    const frame = frames.get(Number(number));
    if (frame === undefined) continue;
    frame.theirs = inOurWords(new Set(flags.split(',')), frame.flags);
  }
}

function inOurWords(said: ReadonlySet<string>, flags: number): string {
  const kind = flags & SYN ? 'syn' : flags & FIN ? 'fin' : said.has('fast_retransmission') ? 'fast' : 'timeout';
  const words = [
    ['fast_retransmission', `resent-${kind}`],
    ['spurious_retransmission', `resent-${kind}-spurious`],
    ['retransmission', `resent-${kind}`],
    ['out_of_order', 'reordered'],
    ['zero_window_probe', 'window-probe'],
    ['keep_alive', 'keep-alive'],
  ] as const;
  return words.find(([flag]) => said.has(flag))?.[1] ?? '-';
}

/** One past the last sequence number of a frame, as seen from `from`. */
export function reach({ seq, span }: Frame, from: number): number {
  return distance(seq, from) + span;
}
