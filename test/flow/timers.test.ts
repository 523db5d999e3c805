import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ESTABLISHED, FIN_WAIT1, FIN_WAIT2, SYN_RECV, SYN_SENT, TIME_WAIT } from '../../src/flow/state.js';
import { timerThatEnded } from '../../src/flow/timers/explain.js';
import { endOf, SYN_ACK_SCHEDULES, SYN_SCHEDULES, schedulesOf, waitAfter } from '../../src/flow/timers/schedules.js';
import { isDelayedAck, waitBehind } from '../../src/flow/timers/waits.js';
import { EARLIEST, firstFiringAfter, isDue, LATEST, LONGEST_TIMEOUT, modelTimeout, nextWait, SECOND } from '../../src/flow/timers.js';
import { KEEP_ALIVE_PROBE, NONE, RESENT_PROBE, RESENT_SYN, RESENT_TIMEOUT, WINDOW_PROBE } from '../../src/flow/verdict.js';

const repeats = (...seconds: number[]): { count: number; first: number; last: number; lastGap: number } => {
  const [first = 0] = seconds;
  const last = seconds.at(-1) ?? 0;
  return { count: seconds.length, first: first * SECOND, last: last * SECOND, lastGap: (last - (seconds.at(-2) ?? last)) * SECOND };
};

describe('when a SYN is sent again', () => {
  test.each([
    ['6.5 and later', [0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67], 131],
    ['3.1 to 6.4', [0, 1, 3, 7, 15, 31, 63], 127],
    ['before 3.1', [0, 3, 9, 21, 45, 93], 189],
  ])('Linux %s', (kernels, times, end) => {
    const whole = repeats(...times);
    const fitting = schedulesOf(whole, SYN_SCHEDULES);
    expect(fitting.map((schedule) => schedule.kernels)).toEqual([kernels]);
    expect(fitting.map((schedule) => endOf(schedule, whole) / SECOND)).toEqual([end]);
  });

  test('measured on 6.18, late as timers are', () => {
    const measured = repeats(0, 1.02, 2.02, 3.1, 4.1, 5.11, 7.13, 11.3, 19.5, 35.6, 68.9);
    expect(schedulesOf(measured, SYN_SCHEDULES).map(({ id }) => id)).toEqual(['linear']);
  });

  test('until the second repetition nobody can tell which', () => {
    expect(schedulesOf(repeats(0, 1.02), SYN_SCHEDULES).map(({ id }) => id)).toEqual(['linear', 'doubling']);
    expect(schedulesOf(repeats(0, 1.02, 2.03), SYN_SCHEDULES).map(({ id }) => id)).toEqual(['linear']);
    expect(schedulesOf(repeats(0, 1.02, 3.05), SYN_SCHEDULES).map(({ id }) => id)).toEqual(['doubling']);
  });

  test('an application that tries again at its own pace follows none', () => {
    expect(schedulesOf(repeats(0, 0.5, 1), SYN_SCHEDULES)).toEqual([]);
  });

  test('the next one is due by the schedule, however late the last one was; while two fit, by the slower one', () => {
    const dueAfter = (...times: number[]): number => waitAfter(repeats(...times), schedulesOf(repeats(...times), SYN_SCHEDULES)) / SECOND;
    expect([dueAfter(0), dueAfter(0, 1.02), dueAfter(0, 1.02, 2.03), dueAfter(0, 1.02, 3.05)]).toEqual([1, 2, 1, 4]);
    expect(dueAfter(0, 1.02, 2.02, 3.1, 4.1, 5.11, 7.13, 11.3, 19.5, 35.6, 68.9)).toBe(64);
    expect(dueAfter(0, 0.5, 1)).toBe(1); // no schedule: doubled
  });

  test('a request is forgotten 63 s after its first SYN-ACK', () => {
    const synAcks = repeats(0, 1, 3, 7, 15, 31);
    expect(schedulesOf(synAcks, SYN_ACK_SCHEDULES).map((schedule) => endOf(schedule, synAcks) / SECOND)).toEqual([63]);
  });
});

describe('when the kernel gives up', () => {
  test('after 924.6 s of tcp_retries2, 102.2 s of tcp_orphan_retries', () => {
    expect(modelTimeout(15) / SECOND).toBeCloseTo(924.6, 6);
    expect(modelTimeout(8) / SECOND).toBeCloseTo(102.2, 6);
  });

  test('at the first firing after that: an orphan measured on 6.18 was gone 109 s after its FIN', () => {
    const fins = [0, 0.21, 0.42, 0.86, 1.7, 3.4, 6.7, 13.3, 26.7, 54.8];
    const at = firstFiringAfter(0.21 * SECOND, modelTimeout(8), 54.8 * SECOND, nextWait(repeats(...fins), SECOND));
    expect(isDue(109 * SECOND, at)).toBe(true);
  });

  test('never before its time, never later than one wait more', () => {
    const spans = { start: fc.integer({ min: 0, max: 1e6 }), patience: fc.integer({ min: 1, max: 2000 }), wait: fc.integer({ min: 1, max: 120 }) };
    fc.assert(
      fc.property(fc.record(spans), ({ start, patience, wait }) => {
        const at = firstFiringAfter(start * SECOND, patience * SECOND, start * SECOND, wait * SECOND);
        expect(at).toBeGreaterThanOrEqual((start + patience) * SECOND);
        expect(at).toBeLessThanOrEqual((start + wait + patience) * SECOND + Math.max(LONGEST_TIMEOUT, patience * SECOND));
      }),
    );
  });
});

describe('which timer explains the wait before a segment', () => {
  const backOff = (verdict: number, gaps: readonly number[]): (number | undefined)[] =>
    gaps.map((gap) => waitBehind(verdict, gap * SECOND, 0)?.doublings);

  test('the retransmission timer doubles, measured on 6.18', () => {
    expect(backOff(RESENT_TIMEOUT, [0.21, 0.42, 0.84, 1.67, 3.34, 6.67, 13.3, 26.6, 54.3, 109, 120.8])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9]);
  });

  test('so does the persist timer', () => {
    expect(backOff(WINDOW_PROBE, [0.21, 0.42, 0.84, 1.66, 3.42, 6.65, 13.3, 27.4])).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test('SYNs follow the schedules', () => {
    expect(backOff(RESENT_SYN, [1.02, 2.02, 4.19, 8.19, 16.13, 33.3, 0.5, 3])).toEqual([0, 1, 2, 3, 4, 5, undefined, 1]);
  });

  test('a tail loss probe comes after two round trips, or with a delayed ACK in mind', () => {
    const timerOf = (gap: number, roundTrip: number): string | undefined => waitBehind(RESENT_PROBE, gap * SECOND, roundTrip * SECOND)?.timer;
    expect([timerOf(0.206, 0), timerOf(0.045, 0.02), timerOf(0.01, 0.02), timerOf(1, 0.02)]).toEqual([
      'tail loss probe',
      'tail loss probe',
      undefined,
      undefined,
    ]);
  });

  test('a keep-alive interval that an application has set is no default', () => {
    expect([75.3, 30].map((gap) => waitBehind(KEEP_ALIVE_PROBE, gap * SECOND, 0)?.timer)).toEqual(['keep-alive interval', undefined]);
  });

  test('an acknowledgment is delayed by 40 to 200 ms beyond the round trip', () => {
    expect([0.001, 0.041, 0.2, 0.4].map((waited) => isDelayedAck(waited * SECOND, 0))).toEqual([false, true, true, false]);
    expect(isDelayedAck(0.041 * SECOND, 0.04 * SECOND)).toBe(false);
  });

  test('what came late or was asked for, no timer explains', () => {
    expect([waitBehind(RESENT_TIMEOUT, 0.05 * SECOND, 0), waitBehind(NONE, SECOND, 0)]).toEqual([undefined, undefined]);
  });
});

describe('which timer ended a state', () => {
  test('late by up to 13 %, never early', () => {
    expect([0.97, EARLIEST, 1, LATEST, 1.14].map((share) => isDue(share * SECOND, SECOND))).toEqual([false, true, true, true, false]);
  });

  test.each([
    [SYN_SENT, 131, 'tcp_syn_retries'],
    [SYN_SENT, 127, 'tcp_syn_retries'],
    [SYN_RECV, 63, 'tcp_synack_retries'],
    [FIN_WAIT1, 109, 'tcp_orphan_retries'],
    [FIN_WAIT1, 950, 'tcp_retries2'],
    [FIN_WAIT2, 60.2, 'tcp_fin_timeout'],
    [TIME_WAIT, 60, 'TCP_TIMEWAIT_LEN'],
    [ESTABLISHED, 925, 'tcp_retries2'],
    [ESTABLISHED, 7875, 'tcp_keepalive_time'],
    [FIN_WAIT2, 2.1, undefined],
  ] as const)('state %i after %f s: %s', (state, seconds, setting) => {
    expect(timerThatEnded(state, seconds * SECOND)?.setting).toBe(setting);
  });
});
