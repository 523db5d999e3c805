import { Capture } from '../capture/capture.js';
import { capturesIn } from '../capture/several.js';
import { chunkSource, fileSource } from '../capture/source.js';
import { printable } from '../views/printable.js';
import { DAMAGED, INTERRUPTED } from './exit-codes.js';
import { showProgress } from './progress.js';

/** The captures that the arguments name, as one. `hint` is added when the only one is no capture. */
export async function openCaptures(paths: readonly string[], hint?: string): Promise<Capture> {
  const files = await capturesIn(paths.filter((path) => path !== '-'));
  const fromInput = paths.includes('-') ? [async () => chunkSource('standard input', process.stdin)] : [];
  return new Capture([...files.map((file) => () => fileSource(file)), ...fromInput], hint);
}

/** Reads with progress on a terminal. The first Ctrl-C of a live pipe is meant for tcpdump; otherwise it ends the reading, and the report follows. */
export async function watched<Result>(capture: Capture, read: () => Promise<Result>): Promise<Result> {
  const done = process.stderr.isTTY ? showProgress(capture, process.stderr) : () => {};
  let pressed = 0;
  const interrupt = (): void => {
    const isForTcpdump = capture.isLive && pressed === 0;
    pressed++;
    if (isForTcpdump) return;
    process.exitCode = INTERRUPTED;
    capture.stop();
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
export function sayDamage(capture: Capture): void {
  if (capture.damage.length === 0) return;
  for (const { file, what } of capture.damage)
    process.stderr.write(`tcpexplain: ${printable(file === '' ? what : `${file}: ${what}`)}; the rest was analysed\n`);
  process.exitCode ??= DAMAGED;
}
