import { type Histories, NOWHERE } from '../histories.js';
import { LOOK_BACK } from './moment.js';
import { endOf, type Socket, socketOf } from './socket.js';
import { type ReplacedAt, SIDES, successorsIn } from './successors.js';

/** Which socket of a snapshot. */
export type Handle = number;

/** The sockets that were there at a moment, or shortly before. There can be millions: each is made when it is asked for, and again. */
export class Snapshot {
  private readonly replacedAt: ReplacedAt;

  /** Nanoseconds since the capture's epoch. `end`: of the capture. */
  constructor(
    private readonly histories: Histories,
    private readonly moment: number,
    private readonly end: number,
  ) {
    this.replacedAt = successorsIn(histories);
  }

  /** By the numbers of their conversations; of one those first that are over. */
  *[Symbol.iterator](): Generator<readonly [Socket, Handle], void, void> {
    const isOver = (socket: Socket): boolean => endOf(socket) <= this.end;
    for (const place of this.histories.places()) {
      if (place === NOWHERE) continue;
      const there = SIDES.map((side) => this.at(place * 2 + side)).filter((socket) => this.wasThere(socket));
      for (const socket of there.toSorted((a, b) => Number(isOver(b)) - Number(isOver(a)))) yield [socket, place * 2 + socket.side];
    }
  }

  at(handle: Handle): Socket {
    const history = this.histories.at(Math.floor(handle / 2));
    const side = handle % 2 === 0 ? 0 : 1;
    return socketOf(history, side, this.end, this.replacedAt(history, side));
  }

  private wasThere(socket: Socket): boolean {
    return endOf(socket) > this.moment - LOOK_BACK && (socket.stays[0]?.from ?? 0) <= this.moment;
  }
}
