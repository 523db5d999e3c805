import { createHash } from 'node:crypto';
import type { ByteSource } from './source.js';

const CHUNK = 1 << 16;

/** The bytes of another source, hashed as they pass. */
export class HashedSource implements ByteSource {
  readonly name: string;
  readonly size?: number;
  readonly isLive: boolean;
  private readonly hash = createHash('sha256');

  constructor(private readonly source: ByteSource) {
    this.name = source.name;
    if (source.size !== undefined) this.size = source.size;
    this.isLive = source.isLive === true;
  }

  async read(target: Uint8Array): Promise<number> {
    const count = await this.source.read(target);
    this.hash.update(target.subarray(0, count));
    return count;
  }

  close(): Promise<void> {
    return this.source.close();
  }

  async isGrowing(): Promise<boolean> {
    return (await this.source.isGrowing?.()) ?? false;
  }

  /** Reads what is left; then the SHA-256 of everything, in hexadecimal. To be asked for once. */
  async digest(): Promise<string> {
    const chunk = new Uint8Array(CHUNK);
    while ((await this.read(chunk)) > 0);
    return this.hash.digest('hex');
  }
}
