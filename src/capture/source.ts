import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename, isAbsolute } from 'node:path';
import { CaptureError, failure, reason } from './error.js';
import { PipeSource } from './pipe.js';

/** Where bytes come from. */
export interface ByteSource {
  /** As the reader of the report knows it: the path as it was given, of an absolute one the last part, or "standard input". */
  readonly name: string;
  /** Bytes in all, where that is known. */
  readonly size?: number;
  /** Fills (part of) `target` and says how many bytes; 0 at the end. */
  read(target: Uint8Array): Promise<number>;
  close(): Promise<void>;
  /** It is still being written to: a pipe. */
  readonly isLive?: boolean;
  /** Whether more was written to it since it was opened. */
  isGrowing?(): Promise<boolean>;
  /** Why the source ended early, once it did. */
  readonly damage?: string | undefined;
}

/** Opens a file for reading. `alias`: what it is called instead. Throws CaptureError with the next step when that is not possible. */
export async function fileSource(path: string, alias?: string): Promise<ByteSource> {
  try {
    const facts = await stat(path);
    if (facts.isDirectory()) throw new CaptureError(`${alias ?? path} is a directory inside a directory: name it itself`);
    const name = alias ?? (isAbsolute(path) ? basename(path) : path);
    return facts.isFile() ? new FileSource(name, await open(path, 'r'), facts.size) : await PipeSource.at(path, name, facts);
  } catch (error) {
    throw error instanceof CaptureError ? error : new CaptureError(`${alias ?? path}: ${reason(error)}`);
  }
}

/** What comes through a pipe is gone once it was looked at. */
export async function canBeReadTwice(path: string): Promise<boolean> {
  const facts = await stat(path).catch(() => undefined);
  return facts?.isFile() ?? false;
}

class FileSource implements ByteSource {
  damage: string | undefined;

  constructor(
    readonly name: string,
    private readonly handle: FileHandle,
    readonly size: number,
  ) {}

  /** A disk or a server that fails half-way ends the file there. */
  async read(target: Uint8Array): Promise<number> {
    try {
      return (await this.handle.read(target, 0, target.length)).bytesRead;
    } catch (error) {
      this.damage = failure(error);
      return 0;
    }
  }

  /** One that was closed before its end does not tell. */
  async isGrowing(): Promise<boolean> {
    return this.handle.stat().then(
      (now) => now.size > this.size,
      () => false,
    );
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

/** Bytes that arrive in chunks of any size: standard input, or a decompressor. */
export function chunkSource(name: string, chunks: AsyncIterable<Uint8Array> & { destroy?(): unknown }): ByteSource {
  return new ChunkSource(name, chunks);
}

class ChunkSource implements ByteSource {
  readonly isLive = true;
  damage: string | undefined;
  private readonly iterator: AsyncIterator<Uint8Array>;
  private rest: Uint8Array = new Uint8Array(0);

  constructor(
    readonly name: string,
    private readonly chunks: AsyncIterable<Uint8Array> & { destroy?(): unknown },
  ) {
    this.iterator = chunks[Symbol.asyncIterator]();
  }

  async read(target: Uint8Array): Promise<number> {
    while (this.rest.length === 0) {
      const chunk = await this.next();
      if (chunk === undefined) return 0;
      this.rest = chunk;
    }
    const count = Math.min(this.rest.length, target.length);
    target.set(this.rest.subarray(0, count));
    this.rest = this.rest.subarray(count);
    return count;
  }

  /** A stream is destroyed, because its iterator would wait for the next chunk first. */
  async close(): Promise<void> {
    if (this.chunks.destroy !== undefined) this.chunks.destroy();
    else await this.iterator.return?.();
  }

  private async next(): Promise<Uint8Array | undefined> {
    try {
      const { done, value } = await this.iterator.next();
      return done ? undefined : value;
    } catch (error) {
      this.damage = failure(error);
      return undefined;
    }
  }
}
