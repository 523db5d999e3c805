import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { captureOf } from '../bytes.js';
import { ethernet, ethernet6, ip4, type PacketSpec } from '../packets.js';
import { ACK, FIN, PLAIN, play, type Step, type Style, SYN, step } from './nobodys-conversations.js';
import { canAsk, differences } from './tshark.js';
import { askTogether } from './tshark-together.js';
import { wiresharkRows } from './wireshark-rows.js';

const folder = mkdtempSync(join(tmpdir(), 'tcpexplain-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Captures that have no connection in common. */
async function compare(...files: readonly Buffer[]): Promise<void> {
  const paths = files.map((_, i) => join(folder, `${i}.pcap`));
  for (const [i, path] of paths.entries()) writeFileSync(path, files[i] as Buffer);
  const theirs = await askTogether(paths);
  for (const [i, file] of files.entries())
    expect(differences(theirs[i] as string[], await wiresharkRows(captureOf(file))).slice(0, 5), `run ${i}`).toEqual([]);
}

const BEGINNING: Step = { isForward: true, flow: 0, flags: SYN, from: 'next', length: 0, ack: 'none', window: 500, options: 0, wait: 0, cut: 0 };

const IN_IP6: Style = { ...PLAIN, ends: (run) => [`2001${run}::1`, `2001${run}::2`], carry: ethernet6, before: 54 };

const behindHopByHop = (spec: PacketSpec): Buffer =>
  ethernet6({ ...spec, protocol: 0, payload: Buffer.concat([Buffer.from('0600010400000000', 'hex'), spec.payload]) });

/** RFC 7413: asked for, with a cookie, and as the experiment that came before. */
const FAST_OPEN = [...PLAIN.handshake, '22020101', '220a01020304050607080101', '020405b4220a01020304050607080101', 'fe04f989', 'fe08f98901020304'];

// RFC 6824. No keys without SYN: where Wireshark has not seen the SYN with the key, an assertion of its own fails, and it prints nothing
const MPTCP_HANDSHAKE = ['1e0c0081KEY', '020405b41e0c0081KEY', '1e0c1001TOKEN00000001'];
const MPTCP = ['', '', '', '1e08200100001000', '1e0834020a000003', '1e045001', '1e0c7000KEY'];
/** How much of a TCP header routers quote: eight bytes, or more. */
const REACHES = [8, 16, 20, 32, 2000];

/** Every fourth segment; but a SYN with another sequence number would take over the conversation, which we do not follow. */
function isQuoted({ flags, options }: Step): boolean {
  return options % 4 === 0 && (flags & (SYN | ACK)) !== SYN;
}

const quoted = (spec: PacketSpec, step: Step): Buffer => {
  if (!isQuoted(step)) return ethernet(spec);
  const error = Buffer.concat([Buffer.from('0301000000000000', 'hex'), ip4(spec).subarray(0, 20 + (REACHES[step.options % 5] ?? 0))]);
  return ethernet({ ...spec, source: '10.9.9.9', destination: spec.source, payload: error, protocol: 1 });
};

const quoted6 = (spec: PacketSpec, step: Step): Buffer => {
  const whole = ethernet6(spec);
  if (!isQuoted(step)) return whole;
  const error = Buffer.concat([Buffer.from('0100000000000000', 'hex'), whole.subarray(14, 54 + (REACHES[step.options % 5] ?? 0))]);
  return ethernet6({ ...spec, source: '2001::9', destination: spec.source, payload: error, protocol: 58 });
};

const NOTHING_CUT = Number.POSITIVE_INFINITY;
const MPTCP_BEGINNINGS = [0, 1, 2, 3, 4, 5].map((flow): Step => ({ ...BEGINNING, flow, options: flow % 2 }));

describe('Wireshark 4.0 says the same of conversations that nobody ever had', () => {
  test.runIf(canAsk).each<[string, Style, Step[], number]>([
    ['around every edge of the rules', PLAIN, [], 25],
    ['in IPv6', IN_IP6, [], 10],
    ['in IPv6 behind another header', { ...IN_IP6, carry: behindHopByHop, before: 62 }, [], 10],
    ['of which ICMP errors quote some', { ...PLAIN, carry: quoted, before: NOTHING_CUT }, [], 10],
    ['of which ICMPv6 errors quote some', { ...IN_IP6, carry: quoted6, before: NOTHING_CUT }, [], 10],
    ['with Fast Open', { ...PLAIN, handshake: FAST_OPEN }, [], 10],
    ['with Multipath TCP', { ...PLAIN, handshake: MPTCP_HANDSHAKE, later: MPTCP, before: NOTHING_CUT }, MPTCP_BEGINNINGS, 10],
  ])('of random segments %s', { timeout: 120_000 }, async (_, style, begun, numRuns) => {
    const steps = fc.array(step, { minLength: 400, maxLength: 400, size: 'max' });
    await compare(...fc.sample(steps, { numRuns, seed: 6 }).map((played, run) => play([...begun, ...played], style, run)));
  });

  test.runIf(canAsk)('of more segments without an acknowledgment than it lists', { timeout: 60_000 }, async () => {
    const plain: Step = { ...BEGINNING, flags: ACK, length: 100, ack: 'next', wait: 0.5 };
    const answer: Step = { ...plain, isForward: false, length: 0 };
    const resent: Step = { ...plain, from: 'again', wait: 300 };
    await compare(
      play([
        ...Array.from({ length: 10_050 }, () => plain),
        { ...plain, flags: FIN | ACK },
        resent,
        { ...plain, flags: SYN },
        resent,
        answer,
        plain,
        answer,
        resent,
      ]),
    );
  });

  test.skipIf(canAsk)('not compared: tshark 4.0.x is not installed', () => {});
});
