import type { Listed } from '../table.js';

/** Flows in the order in which they were added; one leaves from anywhere at no cost. */
export class FlowList {
  size = 0;
  first: Listed | undefined = undefined;
  private last: Listed | undefined = undefined;

  add(flow: Listed): void {
    flow.older = this.last;
    if (this.last === undefined) this.first = flow;
    else this.last.newer = flow;
    this.last = flow;
    this.size++;
  }

  remove(flow: Listed): void {
    if (flow.older === undefined) this.first = flow.newer;
    else flow.older.newer = flow.newer;
    if (flow.newer === undefined) this.last = flow.older;
    else flow.newer.older = flow.older;
    flow.older = flow.newer = undefined;
    this.size--;
  }

  /** The oldest first. The one that was yielded last may leave meanwhile. */
  *[Symbol.iterator](): Generator<Listed, void, void> {
    for (let flow = this.first; flow !== undefined; ) {
      const { newer } = flow;
      yield flow;
      flow = newer;
    }
  }
}
