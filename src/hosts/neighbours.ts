import type { Frame } from '../capture/frame.js';
import type { Solicitation } from '../decode/neighbour.js';
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

const MOST_FRAMES = 16;
/** net.ipv4.neigh.default.mcast_solicit, and retrans_time_ms with what timers are late; nanoseconds. */
const SOLICITATIONS = 3;
const SECOND = { shortest: 0.9e9, longest: 1.4e9 };
/** A scan can ask for any number of addresses. */
const MOST_PAIRS = 65_536;

/** Who asks by ARP or neighbour discovery for whom, and whether anybody answers. Without an answer no packet leaves the host. */
export class Neighbours {
  private readonly byPair = new Map<string, Asked>();
  private readonly answering = new Set<string>();
  private readonly answered = new Set<string>();
  private readonly askers = new Set<string>();

  /** A frame in which somebody asks, or is answered. */
  heard({ family, isAnswer, asker, target }: Solicitation, { number, time }: Frame): void {
    const address = textOf(family, target);
    const who = textOf(family, asker);
    if (isAnswer) this.answer(address, who);
    else if (!isUnspecified(asker) && who !== address) this.ask(address, who, number, time); // else it asks whether its own address is free (RFC 5227)
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

  private answer(address: string, asker: string): void {
    if (this.answering.size < MOST_PAIRS) this.answering.add(address);
    if (this.answered.size < MOST_PAIRS) this.answered.add(asker);
  }
}

function textOf(family: number, [a = 0, b = 0, c = 0, d = 0]: Int32Array): string {
  return addressText(family, a, b, c, d);
}

function isUnspecified(words: Int32Array): boolean {
  return words.every((word) => word === 0);
}
