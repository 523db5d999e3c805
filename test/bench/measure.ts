import { spawnSync } from 'node:child_process';

/** What a whole process took: seconds, and MiB at its peak. */
export interface Taken {
  readonly cpu: number;
  readonly wall: number;
  readonly peak: number;
}

/** By GNU time, which asks the kernel. Undefined when the program is not installed; throws when it fails. */
export function measure(command: readonly string[]): Taken | undefined {
  if (spawnSync('which', [command[0] as string]).status !== 0) return undefined;
  const { stderr, status } = spawnSync('/usr/bin/time', ['-f', 'taken %U %S %e %M', ...command], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const taken = /taken ([\d.]+) ([\d.]+) ([\d.]+) (\d+)\s*$/.exec(stderr ?? '');
  if (status !== 0 || taken === null) throw new Error(`${command.join(' ')}: ${stderr || 'GNU time is not installed'}`);
  const [user = 0, system = 0, wall = 0, peak = 0] = taken.slice(1).map(Number);
  return { cpu: user + system, wall, peak: peak / 1024 };
}

/** Two programs in turn, so that whatever else the machine does meets both alike. */
export function inTurn(one: readonly string[], other: readonly string[], pairs: number): [Taken, Taken][] {
  const taken: [Taken, Taken][] = [];
  for (let i = 0; i < pairs; i++) {
    const isSwapped = i % 2 === 1;
    const first = measure(isSwapped ? other : one);
    const second = measure(isSwapped ? one : other);
    if (first === undefined || second === undefined) return [];
    taken.push(isSwapped ? [second, first] : [first, second]);
  }
  return taken;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
