import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT: string = join(fileURLToPath(import.meta.url), '..', '..', '..');
export const CLI: string = join(ROOT, 'dist', 'cli.js');

export interface Ran {
  code: number | null;
  out: string;
  err: string;
}

/** Runs the built program in a folder. */
export function runIn(folder: string, args: readonly string[], input?: Buffer | string): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '' } });
    const chunks: Record<'out' | 'err', Buffer[]> = { out: [], err: [] };
    child.stdout.on('data', (chunk: Buffer) => chunks.out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.err.push(chunk));
    child.stdin.on('error', () => {}); // it need not read all of it
    child.stdin.end(input);
    child.on('close', (code) => resolve({ code, out: Buffer.concat(chunks.out).toString(), err: Buffer.concat(chunks.err).toString() }));
  });
}
