import type { CapturedFile } from './capture.js';
import { CaptureError, type Damage } from './error.js';

/** What is known of a capture once it has been read. */
export interface CaptureFacts {
  readonly files: readonly CapturedFile[];
  /** What could not be read; the rest was. */
  readonly damage: readonly Damage[];
  /** Link types of the frames, in order of appearance. */
  readonly linkTypes: ReadonlySet<number>;
  /** Seconds since 1970 from which the frames' times count; NaN without a frame, 0 when nobody is to know. */
  readonly epoch: number;
  readonly isAnonymous: boolean;
  /** Frames' time (nanoseconds since the epoch) at so many seconds since 1970. */
  timeAt(seconds: number): number;
}

/** A capture that was read elsewhere, or earlier. */
export class PastCapture implements CaptureFacts {
  readonly files: readonly CapturedFile[];
  readonly damage: readonly Damage[];
  readonly linkTypes: ReadonlySet<number>;
  readonly epoch: number;
  readonly isAnonymous: boolean;

  constructor({ files, damage, linkTypes, epoch, isAnonymous }: Omit<CaptureFacts, 'timeAt'>) {
    this.files = files;
    this.damage = damage;
    this.linkTypes = linkTypes;
    this.epoch = epoch;
    this.isAnonymous = isAnonymous;
  }

  timeAt(seconds: number): number {
    if (this.isAnonymous) throw new CaptureError('what is known of an anonymous capture holds no dates: count the seconds after its first packet');
    return (seconds - this.epoch) * 1e9;
  }
}
