import { basename } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { AnalyzeOptions } from '../analyze.js';
import { CaptureError } from '../capture/error.js';
import type { FactFile } from '../facts/host.js';
import { parseKernel } from '../facts/kernel.js';
import { readSaved } from './small-file.js';

const KINDS: readonly { kind: FactFile['kind']; about: string }[] = [
  { kind: 'facts', about: 'what the script of "tcpexplain facts" saved on a host; twice: before and after the capture' },
  { kind: 'sysctl', about: 'sysctl -a of a host' },
  { kind: 'nstat', about: 'nstat -az, netstat -s or /proc/net/netstat of a host; twice: before and after the capture' },
  { kind: 'ss', about: 'ss -tanoipm or netstat -tan of a host' },
  { kind: 'dmesg', about: 'dmesg of a host; twice: before and after the capture' },
];

interface Named {
  kind: FactFile['kind'] | 'version';
  /** A file, or a kernel's version. */
  value: string;
  side: string | undefined;
}

/** The options that say what is known of the hosts. Their order counts: --side speaks of the files behind it, a single one of all. */
export class FactOptions {
  private readonly named: Named[] = [];
  private readonly sides: string[] = [];

  addTo(command: Command): Command {
    for (const { kind, about } of KINDS) command.addOption(new Option(`--${kind} <file>`, about).argParser((value) => this.note(kind, value)));
    return command
      .addOption(new Option('--kernel <version>', 'the kernel of a host, or of both ends').argParser((value) => this.note('version', kernel(value))))
      .addOption(
        new Option('--side <whose>', 'whose the files behind it are: client, server, middle (a router between), or an address').argParser((value) =>
          this.turnTo(side(value)),
        ),
      );
  }

  /** For `analyze`. Throws CaptureError for a file that cannot be read. */
  async read(): Promise<Pick<AnalyzeOptions, 'facts' | 'kernels'>> {
    const facts: FactFile[] = [];
    const kernels: { client?: string; server?: string } = {};
    if (this.named.length === 0 && this.sides.length > 0)
      throw new CaptureError('--side says whose a file such as --sysctl FILE is, and none is given; where the capture was made is --vantage');
    for (const { kind, value, side: stated } of this.named) {
      const whose = stated ?? this.onlySide(value);
      if (kind !== 'version') facts.push({ side: whose, kind, name: basename(value), text: await readSaved(value) });
      else if (whose === undefined || whose === 'client' || whose === 'server') {
        if (whose !== 'server') kernels.client = value;
        if (whose !== 'client') kernels.server = value;
      } else throw new CaptureError(`--kernel ${value}: only the client's or the server's can be told`);
    }
    return { facts, kernels };
  }

  /** What is read. */
  get files(): string[] {
    return this.named.flatMap(({ kind, value }) => (kind === 'version' ? [] : [value]));
  }

  private note(kind: Named['kind'], value: string): void {
    this.named.push({ kind, value, side: this.sides.at(-1) });
  }

  private turnTo(whose: string): void {
    this.sides.push(whose);
  }

  private onlySide(value: string): string | undefined {
    const sides = new Set(this.sides);
    if (sides.size > 1) throw new CaptureError(`${value}: say whose it is with --side before it`);
    return this.sides[0];
  }
}

function side(value: string): string {
  if (['client', 'server', 'middle'].includes(value) || /^\d+(\.\d+){3}$|^[0-9a-f]*:[0-9a-f:.]*$/.test(value)) return value;
  throw new InvalidArgumentError('client, server, middle or an address is needed.');
}

function kernel(value: string): string {
  if (parseKernel(value) === undefined) throw new InvalidArgumentError('a version is needed, as uname -r prints it.');
  return value;
}
