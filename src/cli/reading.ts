import { Capture } from '../capture/capture.js';
import { chunkSource, fileSource } from '../capture/source.js';
import { type Together, timelinesIn } from '../vantages/timelines.js';
import { printable } from '../views/printable.js';
import { DAMAGED, INTERRUPTED } from './exit-codes.js';
import { showProgress } from './progress.js';

/** The captures that the arguments name, as one. `hint` is added when the only one is no capture. */
export async function openCaptures(paths: readonly string[], hint?: string): Promise<Capture> {
  const [capture] = await openSeveral(paths, 'timeline', hint);
  return capture as Capture;
}

/** The same, as one or several captures. Standard input belongs to the first. */
export async function openSeveral(paths: readonly string[], together: Together, hint?: string): Promise<Capture[]> {
  const timelines = await timelinesIn(
    paths.filter((path) => path !== '-'),
    together,
  );
  return timelines.map((files, i) => {
    const fromInput = i === 0 && paths.includes('-') ? [async () => chunkSource('standard input', process.stdin)] : [];
    return new Capture([...files.map((file) => () => fileSource(file)), ...fromInput], hint);
  });
}

/** Reads with progress on a terminal. The first Ctrl-C of a live pipe is meant for tcpdump; otherwise it ends the reading, and the report follows. */
export async function watched<Result>(captures: readonly Capture[], read: () => Promise<Result>): Promise<Result> {
  const current = (): Capture => captures.findLast(({ progress }) => progress.bytes > 0) ?? (captures[0] as Capture);
  const done = process.stderr.isTTY ? showProgress(current, process.stderr) : () => {};
  let pressed = 0;
  const interrupt = (): void => {
    const isForTcpdump = current().isLive && pressed === 0;
    pressed++;
    if (isForTcpdump) return;
    process.exitCode = INTERRUPTED;
    for (const capture of captures) capture.stop();
    if (pressed > 2) process.exit(INTERRUPTED);
  };
  process.on('SIGINT', interrupt);
  try {
    return await read();
  } finally {
    done();
    process.off('SIGINT', interrupt);
  }
}

/** Damaged input is reported even where the view has no place for it. */
export function sayDamage(captures: readonly Capture[]): void {
  const damage = captures.flatMap((capture) => capture.damage);
  if (damage.length === 0) return;
  for (const { file, what } of damage)
    process.stderr.write(`tcpexplain: ${printable(file === '' ? what : `${file}: ${what}`)}; the rest was analysed\n`);
  process.exitCode ??= DAMAGED;
}
