import type { Frame } from './frame.js';

/** No link type has longer frames; libpcap's MAXIMUM_SNAPLEN. A header that claims more is damaged. */
export const MAXIMUM_FRAME = 262144;

/** One format of capture files. Reading never throws: what is damaged is named, and reading stops there. */
export interface Records {
  /**
   * Puts the next frame under the cursor. False when the window holds no whole record:
   * refill it and ask again, unless there is `damage`.
   */
  next(frame: Frame): boolean;
  /** Why nothing behind the window's position can be trusted. */
  readonly damage: string | undefined;
  /** Offset of the last record that was begun, where a record can reach beyond what has been read. */
  readonly begun?: number;
  /** Frames that the capturing host says it dropped, where the format tells. */
  readonly dropped?: number;
}
