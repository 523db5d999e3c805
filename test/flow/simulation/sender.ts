import type { Clock, Simulated } from './path.js';
import type { Answer } from './receiver.js';

export const MSS = 1000;
const WINDOW = 12;
/** TCP_RTO_MIN. */
const SHORTEST_TIMEOUT = 0.2;

interface Unacked {
  readonly seq: number;
  sentAt: number;
  order: number;
  times: number;
  isSacked: boolean;
  isLost: boolean;
}

/** What is handed to the network. */
export type Emit = (seq: number, why: Simulated['why']) => number;

/**
 * A sender that repairs as Linux does: by SACK and RACK (RFC 8985) with tail loss probes, or without SACK by three duplicate ACKs
 * (RFC 6582), and by the retransmission timer (RFC 6298).
 */
export class Sender {
  private readonly flight: Unacked[] = [];
  private next: number;
  private una: number;
  private duplicateAcks = 0;
  private recoverUpTo = -1;
  /** Where the last recovery ended: duplicate ACKs up to there may be of its own making. */
  private recovered = -1;
  private isAfterTimeout = false;
  private backoff = 1;
  private timer = 0;
  private probedUpTo = -1;
  private reorderWindow: number;

  constructor(
    private readonly clock: Clock,
    first: number,
    private readonly end: number,
    private readonly roundTrip: number,
    private readonly hasSack: boolean,
    private readonly emit: Emit,
  ) {
    this.next = this.una = first;
    this.reorderWindow = roundTrip / 4;
  }

  start(): void {
    this.fill();
  }

  receive({ ack, sack }: Answer): void {
    const wasTwice = sack.length > 0 && (sack[0] as readonly [number, number])[1] <= ack;
    if (wasTwice) this.reorderWindow = Math.min(this.reorderWindow * 2, this.roundTrip);
    const isNew = ack > this.una;
    if (isNew) this.advance(ack);
    const newlySacked = this.hasSack && this.mark(sack);
    if (!isNew && this.flight.length > 0 && !wasTwice) this.duplicateAcks++;
    if (this.probedUpTo >= 0 && ack >= this.probedUpTo) this.probedUpTo = -1;
    if (isNew || newlySacked) this.backoff = 1;
    if (this.hasSack) this.detectLosses();
    else this.countDuplicates(isNew);
    this.repair();
    this.fill();
    if (isNew || newlySacked) this.arm();
  }

  private advance(ack: number): void {
    this.una = ack;
    this.duplicateAcks = 0;
    while (this.flight[0] !== undefined && this.flight[0].seq < ack) this.flight.shift();
    if (this.recoverUpTo >= 0 && ack >= this.recoverUpTo) {
      this.recovered = this.recoverUpTo;
      this.recoverUpTo = -1;
      this.isAfterTimeout = false;
    }
  }

  private mark(sack: Answer['sack']): boolean {
    let news = false;
    for (const [from, to] of sack) {
      for (const one of this.flight) {
        if (one.seq < from || one.seq >= to || one.isSacked) continue;
        one.isSacked = news = true;
        one.isLost = false;
      }
    }
    return news;
  }

  /** RACK: what was sent long enough before something that has arrived is lost. */
  private detectLosses(): void {
    const newest = Math.max(-1, ...this.flight.filter(({ isSacked }) => isSacked).map(({ sentAt }) => sentAt));
    const isDisordered = this.recoverUpTo < 0 && this.flight.filter(({ isSacked }) => isSacked).length < 3;
    const margin = isDisordered || this.reorderWindow > this.roundTrip / 4 ? this.reorderWindow : 0;
    for (const one of this.flight) {
      const isOld = !one.isSacked && one.sentAt < newest && this.clock.now - one.sentAt > this.roundTrip + margin;
      if (isOld && one.times === 1) one.isLost = true;
      else if (isOld && this.clock.now - one.sentAt > this.roundTrip + this.reorderWindow) one.isLost = true;
    }
  }

  private countDuplicates(isNew: boolean): void {
    const [first] = this.flight;
    if (first === undefined) return;
    const isPartial = isNew && this.recoverUpTo > 0;
    if (isPartial || (this.duplicateAcks === 3 && this.recoverUpTo < 0 && this.una > this.recovered)) first.isLost = true;
  }

  private repair(): void {
    for (const one of this.flight) {
      if (!one.isLost) continue;
      if (this.recoverUpTo < 0) this.recoverUpTo = this.next;
      this.transmit(one, this.isAfterTimeout ? 'timeout' : 'fast');
    }
  }

  private fill(): void {
    while (this.next < this.end && this.flight.length < (this.recoverUpTo < 0 ? WINDOW : WINDOW / 2)) {
      const one = { seq: this.next, sentAt: 0, order: 0, times: 0, isSacked: false, isLost: false };
      this.flight.push(one);
      this.next += MSS;
      this.transmit(one, undefined);
      this.arm();
    }
  }

  private transmit(one: Unacked, why: Simulated['why']): void {
    one.isLost = false;
    one.times++;
    one.sentAt = this.clock.now;
    one.order = this.emit(one.seq, why);
  }

  private arm(): void {
    const mine = ++this.timer;
    if (this.flight.length === 0) return;
    const isProbe = this.hasSack && this.recoverUpTo < 0 && this.probedUpTo < 0 && !this.flight.some(({ isSacked }) => isSacked);
    const wait = isProbe
      ? this.roundTrip * 2 + (this.flight.length === 1 ? SHORTEST_TIMEOUT : 0.002)
      : (SHORTEST_TIMEOUT + this.roundTrip) * this.backoff;
    this.clock.at(this.clock.now + wait, () => {
      if (mine === this.timer) this.expire(isProbe);
    });
  }

  private expire(isProbe: boolean): void {
    const [first] = this.flight;
    const last = this.flight.at(-1);
    if (first === undefined || last === undefined) return;
    if (isProbe) {
      this.probedUpTo = this.next;
      this.transmit(last, 'probe');
    } else {
      this.isAfterTimeout = true;
      this.recoverUpTo = this.next;
      this.backoff *= 2;
      this.transmit(first, 'timeout');
      for (const one of this.flight.slice(1)) one.isLost = !one.isSacked;
    }
    this.arm();
  }
}
