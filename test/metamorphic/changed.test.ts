import { describe, expect, test } from 'vitest';
import { type RecordedFrame, toPcap } from './frames.js';
import { tcpOf } from './headers.js';
import { recorded } from './recorded.js';
import { certain, certainties, headings, reportOf } from './told.js';
import { transformations } from './transformations.js';

const ALL = recorded();

/** Linux does it to IPv4 alone. */
const OF_IP4: readonly string[] = ['rp-filter-drop'];

test('over IPv6, without an IP ID, the same is found, and nothing is surer', async () => {
  let compared = 0;
  for (const { name, frames, report } of ALL) {
    const files = transformations.ip6(frames);
    if (files === undefined) continue;
    const [before, after] = [await report(), await reportOf(...files)];
    expect(headings(after), name).toEqual(headings(before));
    const sure = certainties(before);
    for (const [cause, rank] of certainties(after)) expect(rank, `${name}: ${cause}`).toBeLessThanOrEqual(sure.get(cause) ?? 1);
    for (const [cause, rank] of sure) if (rank > 1 && !OF_IP4.includes(cause)) expect([...certainties(after).keys()], name).toContain(cause);
    compared++;
  }
  expect(compared).toBeGreaterThan(200);
});

test('with 96 bytes of each packet only that is missed which needs more', async () => {
  const lost = new Set<string>();
  for (const { name, frames, report } of ALL) {
    const [before, after] = [await report(), await reportOf(...transformations.cut(frames))];
    const missing = headings(before).filter((heading) => !headings(after).includes(heading));
    for (const heading of missing) lost.add(heading);
    if (missing.length === 0) expect(headings(after), name).toEqual(headings(before));
    expect(certain(before), name).toEqual(expect.arrayContaining(certain(after)));
  }
  // A checksum covers all of the payload; the segment that an ICMPv6 error quotes begins at byte 102.
  expect([...lost].filter((heading) => !/segments-corrupted|connection-rejected/.test(heading))).toEqual([]);
});

type Loss = (frames: readonly RecordedFrame[]) => readonly RecordedFrame[];

const losses: Readonly<Record<string, Loss>> = {
  'without the packets of the clients': (frames) => frames.filter(({ bytes }) => !isOfClient(frames, bytes)),
  'without the packets of the servers': (frames) => frames.filter(({ bytes }) => tcpOf(bytes) === undefined || isOfClient(frames, bytes)),
  'without the handshakes': (frames) => frames.filter(({ bytes }) => !(flagsOf(bytes) & SYN)),
  'without the SYN-ACKs': (frames) => frames.filter(({ bytes }) => (flagsOf(bytes) & (SYN | ACK)) !== (SYN | ACK)),
  'without the first half': (frames) => frames.slice(frames.length >> 1),
  'without the second half': (frames) => frames.slice(0, frames.length >> 1),
};

const [SYN, ACK] = [2, 16];

function flagsOf(bytes: Buffer): number {
  return tcpOf(bytes)?.flags ?? 0;
}

const clients = new WeakMap<readonly RecordedFrame[], Set<string>>();

/** Whoever sent a plain SYN. */
function isOfClient(frames: readonly RecordedFrame[], bytes: Buffer): boolean {
  const known =
    clients.get(frames) ??
    new Set(frames.filter((frame) => (flagsOf(frame.bytes) & (SYN | ACK)) === SYN).map((frame) => tcpOf(frame.bytes)?.sender ?? ''));
  clients.set(frames, known);
  return known.has(tcpOf(bytes)?.sender ?? '');
}

describe('what a capture lacks makes no other cause certain', () => {
  test.each(Object.entries(losses))('%s', async (_, lose) => {
    for (const { name, frames, report } of ALL) {
      const [before, after] = [await report(), await reportOf(toPcap(lose(frames)))];
      const [was, is] = [certain(before), certain(after)];
      expect(
        is.filter((cause) => !was.includes(cause)),
        name,
      ).toEqual([]);
      expect(
        framesCited(after).filter((frame) => frame < 1 || frame > after.capture.frames),
        name,
      ).toEqual([]);
    }
  });
});

function framesCited({ findings, flows }: Awaited<ReturnType<typeof reportOf>>): number[] {
  return [...findings.flatMap(({ frames }) => frames), ...flows.flatMap(({ moments }) => moments.map(({ frame }) => frame))];
}
