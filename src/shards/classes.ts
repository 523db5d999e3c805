import { PastCapture } from '../capture/past.js';
import { ClosedWindow } from '../flow/closed-window.js';
import { Congestion } from '../flow/congestion.js';
import { Endpoint } from '../flow/endpoint.js';
import { Flow } from '../flow/flow.js';
import { Rows } from '../flow/memory/rows.js';
import { Slab } from '../flow/memory/slab.js';
import { Pace } from '../flow/pace.js';
import { RoundTrips } from '../flow/rtt.js';
import { Mentioned } from '../flow/table/mentions.js';
import { Forgotten } from '../flow/timeline/forgotten.js';
import { Moments } from '../flow/timeline/moments.js';
import { Transitions } from '../flow/timeline/transitions.js';
import { Timeline } from '../flow/timeline.js';
import { Holes } from '../flow/verdict/holes.js';
import { LossState } from '../flow/verdict/loss.js';
import { Ranges } from '../flow/verdict/ranges.js';
import { Resends } from '../flow/verdict/resend.js';
import { Strangers } from '../flow/verdict/strangers.js';
import { Transmissions } from '../flow/verdict/transmissions.js';
import { WiresharkDirection } from '../flow/wireshark/direction.js';
import { WiresharkConversation } from '../flow/wireshark.js';
import { AddressClocks } from '../hosts/clock.js';
import { Aborts } from '../hosts/closing/aborts.js';
import { Closes } from '../hosts/closing/closes.js';
import { LastSyns } from '../hosts/closing/last-syns.js';
import { Fingerprints } from '../hosts/fingerprint.js';
import { HostTable } from '../hosts/host.js';
import { Hosts } from '../hosts/hosts.js';
import { Listeners } from '../hosts/listeners.js';
import { Losses } from '../hosts/losses.js';
import { AtHand } from '../hosts/memory/at-hand.js';
import { First } from '../hosts/memory/first.js';
import { FirstLists } from '../hosts/memory/first-lists.js';
import { FirstNames } from '../hosts/memory/first-names.js';
import { Neighbours } from '../hosts/neighbours.js';
import { Conversations, Quality } from '../hosts/quality.js';
import { Roles } from '../hosts/roles.js';
import { Strays } from '../hosts/strays.js';
import { Vantages } from '../hosts/vantage.js';
import { Counts } from '../reporting/counts.js';
import { Gathering } from '../reporting/gathering.js';
import { GraphRecorder } from '../reporting/graph-recorder.js';
import { StateHistory } from '../reporting/state-history.js';
import { Columns } from '../traces/columns.js';
import { Trace } from '../traces/trace.js';
import { Traces } from '../traces/traces.js';

/** A class whose objects can travel: of a capture, of flows that are over, of what was gathered of them. */
export interface Travelling {
  readonly name: string;
  readonly prototype: object;
  /** Fields that nobody asks for any more, such as lie in what all flows of a shard share. */
  leavesBehind(object: object): readonly string[];
}

// By name, whatever a bundler makes of the names of the classes.
const flows = {
  ClosedWindow,
  Congestion,
  Endpoint,
  Forgotten,
  Holes,
  LossState,
  Mentioned,
  Pace,
  Ranges,
  Resends,
  RoundTrips,
  Slab,
  Strangers,
  Timeline,
};
const wireshark = { WiresharkConversation, WiresharkDirection };
const hosts = { Aborts, AddressClocks, AtHand, Closes, Conversations, Fingerprints, First, FirstLists, FirstNames, HostTable, Hosts };
const moreHosts = { LastSyns, Listeners, Losses, Neighbours, Quality, Roles, Strays, Vantages };
const gathered = { Columns, Counts, Gathering, GraphRecorder, PastCapture, StateHistory, Trace, Traces, Transitions };
const whole = Object.entries({ ...flows, ...wireshark, ...hosts, ...moreHosts, ...gathered });

const NOTHING: readonly string[] = [];
const SLAB: readonly string[] = ['slab'];

export const classes: readonly Travelling[] = [
  ...whole.map(([name, { prototype }]) => ({ name, prototype, leavesBehind: () => NOTHING })),
  { name: 'Flow', prototype: Flow.prototype, leavesBehind: () => ['shared'] },
  { name: 'Moments', prototype: Moments.prototype, leavesBehind: () => ['list'] },
  { name: 'Rows', prototype: Rows.prototype, leavesBehind: (rows) => ((rows as Rows).length === 0 ? SLAB : NOTHING) },
  {
    name: 'Transmissions',
    prototype: Transmissions.prototype,
    leavesBehind: (sent) => ((sent as Transmissions).oldest === (sent as Transmissions).end ? SLAB : NOTHING),
  },
];

export function stays(what: string): never {
  throw new TypeError(`${what} is not known to travel`);
}
