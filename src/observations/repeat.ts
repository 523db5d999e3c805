import { FIN, RST, SYN } from '../decode/flags.js';
import type { Segment } from '../decode/segment.js';
import type { WiresharkDirection } from '../flow/wireshark/direction.js';

/** The segment says again exactly what the last one of its direction said: no data, same window, same acknowledgment. */
export function isRepeat({ length, window, seq, ack, flags }: Segment, forward: WiresharkDirection): boolean {
  return length === 0 && window === forward.window && seq === forward.nextSeq && ack === forward.lastAck && (flags & (SYN | FIN | RST)) === 0;
}
