import type {} from 'vitest';
import { findingCalled, similar } from './explain.js';
import { analyze } from './index.js';
import { isCalled } from './selection.js';

/** What a test says about a capture: `expect.extend(matchers)`, then `await expect('x.pcap').toExplain('accept-queue-overflow-abort')`. */
export interface TcpexplainMatchers<Result = unknown> {
  /** A finding of this pattern, or with this cause as its most probable one, is in the report on the capture, or captures, at this path. */
  toExplain(id: string): Promise<Result>;
}

interface Outcome {
  pass: boolean;
  message: () => string;
}

/** For `expect.extend` of vitest, and of whatever has the same interface. */
export const matchers: { toExplain(received: string | readonly string[], id: string): Promise<Outcome> } = {
  async toExplain(received, id) {
    const entry = findingCalled(id);
    if (entry === undefined) throw new Error(`tcpexplain knows no pattern and no cause "${id}"${nearTo(id)}`);
    const { findings } = await analyze(received);
    const told = findings.map(
      ({ severity, pattern, suspects: [first] }) => `${severity}: ${pattern}${first === undefined ? '' : ` (${first.cause})`}`,
    );
    const pass = findings.some((finding) => isCalled(finding, [entry.id]));
    return { pass, message: () => `${pass ? `did not expect ${entry.id}` : `expected ${entry.id}`} in the report, which tells of\n${list(told)}` };
  },
};

function nearTo(id: string): string {
  const near = similar(id).filter((one) => findingCalled(one) !== undefined);
  return near.length > 0 ? `; do you mean ${near.join(' or ')}?` : '';
}

function list(told: readonly string[]): string {
  return told.length === 0 ? '  nothing' : told.map((line) => `  ${line}`).join('\n');
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: as vitest declares it
  interface Matchers<T = any> extends TcpexplainMatchers<T> {}
}
