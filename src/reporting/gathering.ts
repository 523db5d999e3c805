import type { Frame } from '../capture/frame.js';
import type { Solicitation } from '../decode/neighbour.js';
import type { Flow } from '../flow/flow.js';
import { expire } from '../flow/state/expiry.js';
import type { Follower } from '../follow.js';
import { Hosts } from '../hosts/hosts.js';
import { First, type OfStream } from '../hosts/memory/first.js';
import type { Vantage } from '../hosts/vantage.js';
import { type Found, recogniseAll } from '../patterns/index.js';
import type { Severity } from '../patterns/pattern.js';
import { signsOf } from '../patterns/signs.js';
import { Story } from '../patterns/story.js';
import { SEVERITIES } from '../report.js';
import { Counts } from './counts.js';
import { outcomeOf } from './flows.js';

/** So many conversations are told of by the worst that they show; a flood can bring any number of them. */
const MOST_TOLD: Record<Severity, number> = { failure: 4_000, warning: 1_500, note: 750 };

/** So many conversations that came to nothing are kept although they tell nothing alone: together they may, and then serve as examples. */
const MOST_EXAMPLES = 256;

/** A flow with something to tell: by which patterns. */
interface Kept extends OfStream {
  readonly flow: Flow;
  readonly patterns: readonly string[];
}

/**
 * What is kept of the flows until the last one is known, because other flows can tell more about them. A flow that has nothing
 * to tell is counted and forgotten at once.
 */
export class Gathering implements Follower {
  readonly hosts: Hosts;
  count = 0;
  readonly outcomes: Counts = new Counts();
  private readonly untold = new Counts();
  private readonly kept: Readonly<Record<Severity, First<Kept>>> = {
    failure: new First(MOST_TOLD.failure),
    warning: new First(MOST_TOLD.warning),
    note: new First(MOST_TOLD.note),
  };
  private readonly fruitless = new First<Kept>(MOST_EXAMPLES);
  private readonly everything: Flow[] = [];

  constructor(
    vantage: Vantage | undefined,
    private readonly keepsAll: boolean,
    hidesNetworks = false,
  ) {
    this.hosts = new Hosts(vantage, hidesNetworks);
  }

  /** Flows with something to tell, or all of them when asked for. */
  get flows(): readonly Flow[] {
    this.tidy();
    const told = SEVERITIES.flatMap((severity) => this.kept[severity].all.map(({ flow }) => flow));
    return [...this.everything, ...told].sort((a, b) => a.stream - b.stream);
  }

  /** Flows that had something to tell when there was no room for more, by what they would have told. */
  get leftOut(): Counts {
    this.tidy();
    return this.untold;
  }

  /** Flows that came to nothing, and tell nothing alone. */
  get examples(): readonly Flow[] {
    return this.fruitless.all.map(({ flow }) => flow);
  }

  solicited(solicitation: Solicitation, frame: Frame): void {
    this.hosts.neighbours.heard(solicitation, frame);
  }

  cut(frame: Frame, hasHeader: boolean): void {
    if (frame.capturedLength < frame.originalLength) this.hosts.quality.learnCut(frame, hasHeader);
  }

  /** Returns whether the flow is kept for now. */
  over(flow: Flow, now: number): boolean {
    expire(flow, now);
    this.count++;
    this.hosts.learn(flow);
    this.outcomes.count(outcomeOf(flow), flow.stream);
    if (!this.keepsAll) return this.keep(flow, this.possible(flow, now));
    this.everything.push(settled(flow));
    return true;
  }

  /** Takes over what was gathered of other flows of the same capture. */
  merge(other: Gathering): void {
    this.hosts.merge(other.hosts);
    this.count += other.count;
    this.outcomes.merge(other.outcomes);
    this.untold.merge(other.untold);
    for (const severity of SEVERITIES) this.forget(this.kept[severity].merge(other.kept[severity]));
    this.fruitless.merge(other.fruitless);
    for (const flow of other.everything) this.everything.push(flow);
  }

  /** Everything that could be told of the flow, wherever the capture was made and however long it goes on. */
  private possible(flow: Flow, now: number): Found[] {
    const signs = signsOf(flow);
    if (signs === 0) return [];
    const end = flow.isOver ? Number.MAX_SAFE_INTEGER : now;
    const found: Found[] = [];
    for (const vantage of this.hosts.vantages.possible(flow)) {
      const story = new Story(flow, vantage, end, signs);
      recogniseAll(story, found);
      if (!story.dependsOnVantage) break;
    }
    return found;
  }

  private keep(flow: Flow, found: readonly Found[]): boolean {
    const { stream } = flow;
    const cameToNothing = !flow.client.isAcknowledged || !flow.server.isAcknowledged;
    if (found.length === 0 && !cameToNothing) return false;
    const worst = SEVERITIES.find((severity) => found.some(({ match, pattern }) => (match.severity ?? pattern.severity) === severity));
    const ids = found.map(({ pattern }) => pattern.id);
    const patterns = ids.filter((id, i) => ids.indexOf(id) === i);
    const room = worst === undefined ? this.fruitless : this.kept[worst];
    const isWorthIt = room.isOpenTo(stream);
    if (isWorthIt) this.forget(room.add({ stream, flow: settled(flow), patterns }));
    else this.forget([{ stream, flow, patterns }]);
    return isWorthIt;
  }

  private tidy(): void {
    for (const severity of SEVERITIES) this.forget(this.kept[severity].tidy());
  }

  private forget(all: readonly Kept[]): void {
    for (const { stream, patterns } of all) for (const id of patterns) this.untold.count(id, stream);
  }
}

/** What is kept of a flow is its own. */
function settled(flow: Flow): Flow {
  flow.settle();
  return flow;
}
