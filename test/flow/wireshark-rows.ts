import type { Capture } from '../../src/capture/capture.js';
import type { Segment } from '../../src/decode/segment.js';
import type { Flow } from '../../src/flow/flow.js';
import type { Seen } from '../../src/flow/seen.js';
import { bytesInFlight } from '../../src/flow/wireshark/figures.js';
import { type Follower, follow } from '../../src/follow.js';
import { observations } from '../../src/observations/index.js';
import { FLAGS } from './tshark.js';

/** What we say of the TCP segments of every frame, in the columns of tshark.ts; and who is told of each conversation. */
export async function wiresharkRows(capture: Capture, over: (flow: Flow) => void = () => {}): Promise<string[]> {
  const rows = new Rows(over);
  await follow(capture, rows);
  return [...rows.byFrame.values()].map((segments) => (segments.length === 1 ? (segments[0] ?? []) : joined(segments)).join('\t'));
}

/** A frame's segments as tshark prints them: of each column the values that there are, of the flags those that any segment has. */
function joined(segments: readonly (readonly (string | number)[])[]): string[] {
  const [frame = [], ...columns] = (segments[0] ?? []).map((_, column) => segments.map((values) => String(values[column])));
  const [streams = [], flags = [], ...figures] = columns.map((values) => values.filter((value) => value !== '-'));
  const kinds = FLAGS.filter((flag) => flags.some((some) => some.split(',').includes(flag)));
  return [frame[0] ?? '', ...[streams, kinds, ...figures].map((values) => values.join(',') || '-')];
}

class Rows implements Follower {
  readonly byFrame = new Map<number, (string | number)[][]>();

  constructor(readonly over: (flow: Flow) => void) {}

  noted(segment: Segment, flow: Flow, seen: Seen): void {
    const sender = flow.sender(segment);
    const { figures, unacked } = flow.shared.wireshark;
    const flags = FLAGS.filter((flag) => seen & bitOf(flag));
    const inFlight = bytesInFlight(segment, sender.wireshark, flow.peer(sender).wireshark, unacked);
    const values = [
      figures.duplicateAckNumber,
      figures.duplicateAckNumber === 0 ? 0 : String(figures.duplicateAckFrame),
      figures.rto === 0 ? 0 : figures.rtoFrame, // shown only together
      seconds(figures.rto),
      figures.acksFrame,
      seconds(figures.ackRtt),
      seconds(flow.wireshark.initialRtt),
      inFlight ?? 0,
    ];
    // Wireshark prints nothing of a segment whose options it cannot read, although it counts it.
    const isPrinted = !segment.optionsCut && !segment.malformed;
    const shown = isPrinted ? values.map((value) => value || '-') : values.map(() => '-');
    const row = [segment.frame, flow.stream, (isPrinted && flags.join(',')) || '-', figures.completeness, ...shown];
    this.byFrame.set(segment.frame, [...(this.byFrame.get(segment.frame) ?? []), row]);
  }
}

function bitOf(flag: string): number {
  return observations.find(({ id }) => id === flag)?.bit ?? 0;
}

function seconds(nanoseconds: number): string | 0 {
  return nanoseconds === 0 ? 0 : (nanoseconds / 1e9).toFixed(9);
}
