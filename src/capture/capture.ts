import { CaptureError, type Damage } from './error.js';
import { Frame } from './frame.js';
import { HashedSource } from './hashed.js';
import { type Opened, open } from './open.js';
import type { CaptureFacts } from './past.js';
import type { ByteSource } from './source.js';

/** One file of a capture, as far as it has been read. */
export interface CapturedFile {
  readonly name: string;
  /** `frame.number` of its first frame; files follow one another. */
  readonly firstFrame: number;
  frames: number;
  /** Frames that the capturing host says it dropped. */
  dropped: number;
  /** Between which times its frames lie, and the longest pause between two of them; nanoseconds since the capture's epoch. */
  firstTime: number;
  lastTime: number;
  longestPause: number;
  /** More was written to it while it was read. */
  isGrowing: boolean;
  /** Hexadecimal, of the bytes of the file; where it was asked for and the file could be read to its end. */
  sha256: string | undefined;
}

export interface CaptureOptions {
  /** Nobody gets to know when it was made. */
  readonly isAnonymous?: boolean;
  /** Hash the files while they are read. */
  readonly sha256?: boolean;
}

/**
 * All frames of one or several files as one stream. It is read with one `await` for each chunk, never for each frame:
 * every turn of the iteration hands out the cursor, and `frames.next()` moves it until the chunk is used up.
 */
export class Capture implements AsyncIterable<Frame>, CaptureFacts {
  readonly files: CapturedFile[] = [];
  /** What could not be read; the rest was. */
  readonly damage: Damage[] = [];
  /** Link types of the frames, in order of appearance. */
  readonly linkTypes: Set<number> = new Set();
  private readonly frame = new Frame();

  private current: Opened | undefined;
  /** What its bytes come from; it can be waited for before anything of it is known. */
  private source: ByteSource | undefined;
  private isStopped = false;
  private passedBytes = 0;

  /** Sources are opened when their turn comes, in the order given. */
  constructor(
    private readonly sources: readonly (() => Promise<ByteSource>)[],
    private readonly options: CaptureOptions = {},
  ) {}

  /** How far it has been read. */
  get progress(): { bytes: number; size: number | undefined; frames: number } {
    const { current } = this;
    const isOnlyOne = this.sources.length === 1;
    return { bytes: this.passedBytes + (current?.window.offset ?? 0), size: isOnlyOne ? current?.source.size : undefined, frames: this.frame.number };
  }

  /** Packets are still being written to it while it is read. */
  get isLive(): boolean {
    return this.source?.isLive === true;
  }

  /** Ends the reading: what has been read is all there is. */
  stop(): void {
    this.isStopped = true;
    this.source?.close().catch(() => {}); // it is not needed any more, whatever its state
  }

  /** Seconds since 1970 from which the frames' times count; NaN without a frame, 0 when nobody is to know. */
  get epoch(): number {
    return this.isAnonymous ? 0 : this.frame.epoch;
  }

  /** Frames' time (nanoseconds since the epoch) at so many seconds since 1970. */
  timeAt(seconds: number): number {
    return (seconds - this.frame.epoch) * 1e9;
  }

  /** Seconds from the other capture's epoch to this one's: that tells nobody when either was made. */
  secondsAfter(other: Capture): number {
    return this.frame.epoch - other.frame.epoch;
  }

  get isAnonymous(): boolean {
    return this.options.isAnonymous === true;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Frame, void, void> {
    for (const source of this.sources) {
      const opened = this.isStopped ? undefined : await this.open(source);
      if (opened === undefined) continue;
      this.current = opened;
      try {
        yield* this.readAll(opened);
      } finally {
        await opened.source.close();
      }
    }
  }

  /** One input that is no capture is fatal when it is the only one, and a note beside the others. */
  private async open(source: () => Promise<ByteSource>): Promise<Opened | undefined> {
    const { sha256 } = this.options;
    try {
      const raw = await source();
      this.source = raw;
      return await open(sha256 ? new HashedSource(raw) : raw);
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error;
      if (this.isStopped) {
        this.damage.push({ file: this.source?.name ?? '', what: INTERRUPTED, offset: 0 });
        return undefined;
      }
      if (this.sources.length === 1) throw error;
      this.damage.push({ file: '', what: error.message, offset: 0 });
      return undefined;
    }
  }

  private async *readAll({ raw, source, window, records }: Opened): AsyncGenerator<Frame, void, void> {
    const { frame } = this;
    frame.begin(records, this.linkTypes);
    const { firstTime, lastTime, longestPause } = frame;
    const file: CapturedFile = {
      name: source.name,
      firstFrame: frame.number + 1,
      frames: 0,
      dropped: 0,
      firstTime,
      lastTime,
      longestPause,
      isGrowing: false,
      sha256: undefined,
    };
    this.files.push(file);
    do {
      yield frame;
      file.frames = frame.number + 1 - file.firstFrame;
      Object.assign(file, { firstTime: frame.firstTime, lastTime: frame.lastTime, longestPause: frame.longestPause });
    } while (!this.isStopped && records.damage === undefined && (await window.refill()));
    this.passedBytes += window.offset;
    file.dropped = records.dropped ?? 0;
    file.isGrowing = (await source.isGrowing?.()) ?? false;
    const shrunk = window.offset + window.ready < (source.size ?? 0) ? 'it became shorter while it was read' : undefined;
    const cut = window.ready !== 0 && !file.isGrowing ? 'the last record is cut off' : undefined;
    const what = this.isStopped ? INTERRUPTED : (records.damage ?? source.damage ?? shrunk ?? cut);
    // What a broken decompressor has left of its input nobody can say.
    if (raw instanceof HashedSource && !this.isStopped && (what === undefined || (raw === source && !raw.isLive))) file.sha256 = await raw.digest();
    if (what === undefined) return;
    const offset = window.ready < 0 ? (records.begun ?? window.offset) : window.offset;
    const unread = source.size === undefined ? undefined : Math.max(0, source.size - offset);
    this.damage.push({ file: source.name, what, offset, ...(unread !== undefined && { unread }) });
  }
}

const INTERRUPTED = 'reading it was interrupted';
