import type { Frame } from '../capture/frame.js';
import { addressText } from './address.js';

/** Requests for the link address of one neighbour. */
export interface Neighbour {
  /** Whose address is asked for, and who asks. */
  readonly address: string;
  readonly asker: string;
  readonly requests: number;
  /** How often three requests came a second apart: that is a kernel that asks in earnest and gives up. */
  readonly attempts: number;
  readonly isAnswered: boolean;
  /** Answers to this host pass the point of capture. To other hosts they are sent directly, and a switch keeps them from here. */
  readonly hearsAnswers: boolean;
  readonly frames: readonly number[];
}

interface Asked {
  readonly address: string;
  readonly asker: string;
  requests: number;
  attempts: number;
  /** Requests in a row that came a second apart, and when the last of them came. */
  inTurn: number;
  lastTime: number;
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
const UNSPECIFIED = '0.0.0.0';
const MOST_FRAMES = 16;
/** net.ipv4.neigh.default.mcast_solicit, and retrans_time_ms with what timers are late; nanoseconds. */
const SOLICITATIONS = 3;
const SECOND = { shortest: 0.9e9, longest: 1.4e9 };
/** A scan can ask for any number of addresses. */
const MOST_PAIRS = 65_536;

/** Who asks by ARP for whom, and whether anybody answers. Without an answer no packet leaves the host. */
export class Neighbours {
  private readonly byPair = new Map<string, Asked>();
  private readonly answering = new Set<string>();
  private readonly answered = new Set<string>();
  private readonly askers = new Set<string>();

  /** A frame that carries ARP for IPv4. */
  heard({ view, start, capturedLength, linkType, number, time }: Frame): void {
    const header = COOKED_HEADERS.get(linkType);
    if (header === undefined || capturedLength < header + 28) return;
    const at = start + header;
    const isIp4OverEthernet = view.getUint16(at + 2) === 0x0800 && view.getUint8(at + 4) === 6 && view.getUint8(at + 5) === 4;
    if (!isIp4OverEthernet) return;
    const operation = view.getUint16(at + 6);
    const sender = addressText(4, 0, 0, 0, view.getInt32(at + 14));
    const target = addressText(4, 0, 0, 0, view.getInt32(at + 24));
    const isProbe = sender === UNSPECIFIED || sender === target; // asks whether its own address is free (RFC 5227): silence is what it hopes for
    if (operation === REQUEST && !isProbe) this.ask(target, sender, number, time);
    if (operation === REPLY) this.answer(sender, target);
  }

  get all(): Neighbour[] {
    return [...this.byPair.values()].map(({ address, asker, requests, attempts, frames }) => ({
      address,
      asker,
      requests,
      attempts,
      isAnswered: this.answering.has(address),
      hearsAnswers: this.answered.has(asker) || this.askers.size === 1,
      frames,
    }));
  }

  private ask(address: string, asker: string, frame: number, time: number): void {
    if (this.askers.size < 2) this.askers.add(asker);
    const key = `${asker} ${address}`;
    const known = this.byPair.get(key);
    if (known === undefined) {
      if (this.byPair.size < MOST_PAIRS)
        this.byPair.set(key, { address, asker, requests: 1, attempts: 0, inTurn: 1, lastTime: time, frames: [frame] });
      return;
    }
    known.requests++;
    const gap = time - known.lastTime;
    known.inTurn = gap > SECOND.shortest && gap < SECOND.longest ? known.inTurn + 1 : 1;
    if (known.inTurn % SOLICITATIONS === 0) known.attempts++;
    known.lastTime = time;
    if (known.frames.length < MOST_FRAMES) known.frames.push(frame);
  }

  private answer(sender: string, target: string): void {
    if (this.answering.size < MOST_PAIRS) this.answering.add(sender);
    if (this.answered.size < MOST_PAIRS) this.answered.add(target);
  }
}
