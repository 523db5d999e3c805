#!/usr/bin/env node
import { parentPort } from 'node:worker_threads';
import { Command, CommanderError } from 'commander';
import { CaptureError } from './capture/error.js';
import { check } from './cli/commands/check.js';
import { completion } from './cli/commands/completion.js';
import { diff } from './cli/commands/diff.js';
import { explain } from './cli/commands/explain.js';
import { facts } from './cli/commands/facts.js';
import { flags } from './cli/commands/flags.js';
import { merge } from './cli/commands/merge.js';
import { netstat } from './cli/commands/netstat.js';
import { report } from './cli/commands/report.js';
import { states } from './cli/commands/states.js';
import { tuneEngine } from './cli/engine.js';
import { UNUSABLE } from './cli/exit-codes.js';
import { filterComplaint } from './cli/filter-complaint.js';
import { refuseMisplaced } from './cli/misplaced.js';
import { usageComplaint } from './cli/usage-complaint.js';
import { FilterError } from './filter/error.js';
import { work } from './threads/work.js';
import { VERSION } from './version.js';
import { printable } from './views/printable.js';

const program = new Command('tcpexplain')
  .description('Explains what each TCP conversation of a capture lived through, and which decision of the Linux kernel is behind it.')
  .version(VERSION)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(usageComplaint(text)) })
  .enablePositionalOptions()
  .hook('preSubcommand', (_, command) => refuseMisplaced(program, command));
for (const command of [report, flags, states, netstat, explain, facts, check, diff, merge, completion]) command(program);

tuneEngine();
if (parentPort === null) await main();
else work(parentPort);

async function main(): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    complain(`the output cannot be written (${error.code ?? error.message})`);
    process.exit(UNUSABLE);
  });
  process.stderr.on('error', () => {}); // nobody listens: the exit code still tells
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : UNUSABLE;
    else if (error instanceof FilterError) {
      process.stderr.write(filterComplaint(error));
      process.exitCode = UNUSABLE;
    } else if (error instanceof CaptureError) {
      complain(error.message);
      process.exitCode ??= UNUSABLE; // interrupted, it has another one
    } else {
      complain(`a mistake of its own: ${process.env.DEBUG ? (error as Error).stack : error}; please report it with the capture, if it may be shown`);
      process.exitCode = UNUSABLE;
    }
  }
}

function complain(what: string): void {
  process.stderr.write(`tcpexplain: ${printable(what)}\n`);
}
