import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { matchers } from '../src/vitest.js';
import { recordings } from './recordings.js';

expect.extend(matchers);

const { folder } = recordings().find(({ name }) => name === 'handshake/final-ack-reset-because-accept-queue-full') as { folder: string };
const capture = join(folder, 'server.pcap');

describe('expect(capture).toExplain(id)', () => {
  test('holds for a pattern and for a probable cause', async () => {
    await expect(capture).toExplain('handshake-ack-reset');
    await expect(capture).toExplain('accept-queue-overflow-abort');
    await expect([capture]).toExplain('handshake-ack-reset');
  });

  test('does not hold for anything else, and says what was found instead', async () => {
    await expect(capture).not.toExplain('zero-window');
    await expect(expect(capture).toExplain('zero-window')).rejects.toThrow(
      /expected zero-window[\s\S]*failure: handshake-ack-reset \(accept-queue-overflow-abort\)/,
    );
  });

  test('says nothing of no capture at all', async () => {
    await expect(expect([]).not.toExplain('zero-window')).rejects.toThrow('no capture is named');
    await expect(expect('nowhere.pcap').not.toExplain('zero-window')).rejects.toThrow('nowhere.pcap: there is no such file');
  });

  test('does not take an id that nothing has', async () => {
    await expect(expect(capture).toExplain('acept-queue')).rejects.toThrow('knows no pattern and no cause "acept-queue"');
    await expect(expect(capture).toExplain('port-closed-rts')).rejects.toThrow(/do you mean .*port-closed-rst/);
  });
});
