import type { Frame } from '../capture/frame.js';
import { addressText } from './address.js';

/** Requests for the link address of one neighbour. */
export interface Neighbour {
  /** Whose address is asked for, and who asks. */
  readonly address: string;
  readonly asker: string;
  requests: number;
  isAnswered: boolean;
  readonly frames: number[];
}

// RFC 826
const REQUEST = 1;
const REPLY = 2;
const ETHERNET_HEADER = 14;
const COOKED_HEADERS: ReadonlyMap<number, number> = new Map([
  [1, ETHERNET_HEADER],
  [113, 16],
  [276, 20],
]);
const MOST_FRAMES = 16;

/** Who asks by ARP for whom, and whether anybody answers. Without an answer no packet leaves the host. */
export class Neighbours {
  private readonly byPair = new Map<string, Neighbour>();

  /** A frame that carries ARP for IPv4. */
  heard({ view, start, capturedLength, linkType, number }: Frame): void {
    const header = COOKED_HEADERS.get(linkType);
    if (header === undefined || capturedLength < header + 28) return;
    const at = start + header;
    const isIp4OverEthernet = view.getUint16(at + 2) === 0x0800 && view.getUint8(at + 4) === 6 && view.getUint8(at + 5) === 4;
    if (!isIp4OverEthernet) return;
    const operation = view.getUint16(at + 6);
    const sender = addressText(4, 0, 0, 0, view.getInt32(at + 14));
    const target = addressText(4, 0, 0, 0, view.getInt32(at + 24));
    if (operation === REQUEST && sender !== target) this.ask(target, sender, number);
    if (operation === REPLY) this.answer(sender);
  }

  get all(): IterableIterator<Neighbour> {
    return this.byPair.values();
  }

  private ask(address: string, asker: string, frame: number): void {
    const key = `${asker} ${address}`;
    const known = this.byPair.get(key) ?? { address, asker, requests: 0, isAnswered: false, frames: [] };
    known.requests++;
    if (known.frames.length < MOST_FRAMES) known.frames.push(frame);
    this.byPair.set(key, known);
  }

  private answer(address: string): void {
    for (const neighbour of this.byPair.values()) if (neighbour.address === address) neighbour.isAnswered = true;
  }
}
