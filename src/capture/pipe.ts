import { constants, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { failure } from './error.js';
import type { ByteSource } from './source.js';

/** Milliseconds between two looks at a pipe that holds nothing: at first, and after it was silent for a while. */
const SHORT = 1;
const LONG = 50;

const NOTHING_YET = -1;

/**
 * A named pipe or a device. It is asked time and again and never waited for: a read that waits in the kernel cannot be called back,
 * and not even the end of the program would get past it.
 */
export class PipeSource implements ByteSource {
  readonly isLive = true;
  damage: string | undefined;
  private isClosed = false;

  private constructor(
    readonly name: string,
    private readonly handle: FileHandle,
    /** Until somebody writes, a pipe without bytes has not come to its end. */
    private hasWriter: boolean,
  ) {}

  static async at(path: string, name: string, facts: Stats): Promise<PipeSource> {
    return new PipeSource(name, await open(path, constants.O_RDONLY | constants.O_NONBLOCK), !facts.isFIFO());
  }

  async read(target: Uint8Array): Promise<number> {
    for (let wait = SHORT; !this.isClosed; wait = Math.min(wait * 2, LONG)) {
      const count = await this.ask(target);
      if (count !== NOTHING_YET) return count;
      await pause(wait);
    }
    return 0;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.handle.close();
  }

  private async ask(target: Uint8Array): Promise<number> {
    try {
      const { bytesRead } = await this.handle.read(target, 0, target.length);
      if (bytesRead > 0) this.hasWriter = true;
      return this.hasWriter ? bytesRead : NOTHING_YET;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') {
        this.hasWriter = true;
        return NOTHING_YET;
      }
      this.damage = failure(error);
      return 0;
    }
  }
}
