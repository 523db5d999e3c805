/** So many records lie in one piece of memory. */
const TOGETHER = 256;

/** Where a record lies: numbers by word and by double of the same buffer, and the word at which it begins. */
export interface Place {
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  /** An even number. */
  readonly at: number;
}

/** Room for records of one width, which all flows share: what one has left is used again, and what is in use never moves. */
export class RecordStore {
  private readonly free: Place[] = [];

  /** `width`: words of a record, an even number. */
  constructor(private readonly width: number) {}

  /** A place where all numbers are 0. */
  take(): Place {
    if (this.free.length === 0) this.extend();
    const place = this.free.pop() as Place;
    place.words.fill(0, place.at, place.at + this.width);
    return place;
  }

  give(place: Place): void {
    this.free.push(place);
  }

  /** What lies at a place, in memory of its own. */
  copy({ words, at }: Place): Place {
    const own = words.slice(at, at + this.width);
    return { words: own, doubles: new Float64Array(own.buffer), at: 0 };
  }

  private extend(): void {
    const words = new Int32Array(TOGETHER * this.width);
    const doubles = new Float64Array(words.buffer);
    for (let i = TOGETHER - 1; i >= 0; i--) this.free.push({ words, doubles, at: i * this.width });
  }
}
