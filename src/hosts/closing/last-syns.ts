import type { Flow } from '../../flow/flow.js';
import type { Address } from '../address.js';
import { FirstNames, UNKNOWN } from '../memory/first-names.js';
import { ASKED_NAME, askedName } from '../memory/name.js';
import { rowOf } from '../memory/row.js';

const LastSyn = rowOf<{ time: number }>({ time: 'real' });
const [lastSyn, otherLast] = [new LastSyn(), new LastSyn()];

/** When each client asked for a connection to a server last. */
export class LastSyns extends FirstNames {
  constructor() {
    super(LastSyn.width, ASKED_NAME);
  }

  learn({ client, server, stream }: Flow): void {
    const name = askedName(client, server, server.port);
    const known = this.of(name, stream);
    const row = known === UNKNOWN ? this.add(name, stream) : known;
    if (row === UNKNOWN) return;
    lastSyn.on(this.slab, row);
    const { last } = client.synRepeats;
    if (known === UNKNOWN || last > lastSyn.time) lastSyn.time = last;
  }

  /** Nanoseconds since the capture's epoch; of a client that asked for none, long before. */
  timeOf(client: Address, server: Address, port: number): number {
    const row = this.get(askedName(client, server, port));
    if (row === UNKNOWN) return Number.NEGATIVE_INFINITY;
    lastSyn.on(this.slab, row);
    return lastSyn.time;
  }

  merge(other: LastSyns): void {
    this.join(other, (ours, theirs, isNew) => {
      lastSyn.on(this.slab, ours);
      otherLast.on(other.slab, theirs);
      if (isNew || otherLast.time > lastSyn.time) lastSyn.time = otherLast.time;
    });
  }
}
