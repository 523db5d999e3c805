import type { Frame } from '../capture/frame.js';
import type { Solicitation } from '../decode/neighbour.js';
import type { Flow } from '../flow/flow.js';
import { expire } from '../flow/state/expiry.js';
import type { Follower } from '../follow.js';
import { Hosts } from '../hosts/hosts.js';
import type { Vantage } from '../hosts/vantage.js';
import { type Found, recogniseAll } from '../patterns/index.js';
import type { Severity } from '../patterns/pattern.js';
import { signsOf } from '../patterns/signs.js';
import { Story } from '../patterns/story.js';
import { outcomeOf } from './flows.js';

/** So many conversations are told of by the worst that they show; a flood can bring any number of them. */
const MOST_TOLD: Record<Severity, number> = { failure: 10_000, warning: 4_000, note: 2_000 };

/** So many conversations that came to nothing are kept although they tell nothing alone: together they may, and then serve as examples. */
const MOST_EXAMPLES = 256;

/**
 * What is kept of the flows until the last one is known, because other flows can tell more about them. A flow that has nothing
 * to tell is counted and forgotten at once.
 */
export class Gathering implements Follower {
  readonly hosts: Hosts;
  readonly outcomes: Map<string, number> = new Map();
  /** Flows with something to tell, or all of them when asked for. */
  readonly flows: Flow[] = [];
  readonly examples: Flow[] = [];
  count = 0;
  /** Flows that had something to tell when there was no room for more, by what they would have told. */
  readonly leftOut: Map<string, number> = new Map();
  private readonly told: Record<Severity, number> = { failure: 0, warning: 0, note: 0 };

  constructor(
    vantage: Vantage | undefined,
    private readonly keepsAll: boolean,
  ) {
    this.hosts = new Hosts(vantage);
  }

  solicited(solicitation: Solicitation, frame: Frame): void {
    this.hosts.neighbours.heard(solicitation, frame);
  }

  cut(frame: Frame, hasHeader: boolean): void {
    if (frame.capturedLength < frame.originalLength) this.hosts.quality.learnCut(frame, hasHeader);
  }

  over(flow: Flow, now: number): void {
    expire(flow, now);
    this.count++;
    this.hosts.learn(flow);
    count(this.outcomes, outcomeOf(flow));
    if (this.keepsAll) keep(this.flows, flow);
    else this.keep(flow, this.possible(flow, now));
  }

  /** Everything that could be told of the flow, wherever the capture was made and however long it goes on. */
  private possible(flow: Flow, now: number): Found[] {
    const signs = signsOf(flow);
    if (signs === 0) return [];
    const end = flow.isOver ? Number.MAX_SAFE_INTEGER : now;
    const found: Found[] = [];
    for (const vantage of this.hosts.vantages.possible(flow)) {
      const story = new Story(flow, vantage, end, signs);
      found.push(...recogniseAll(story));
      if (!story.dependsOnVantage) break;
    }
    return found;
  }

  private keep(flow: Flow, found: readonly Found[]): void {
    const severities = new Set(found.map(({ match, pattern }) => match.severity ?? pattern.severity));
    const worst = (['failure', 'warning', 'note'] as const).find((severity) => severities.has(severity));
    if (worst === undefined) {
      const cameToNothing = !flow.client.isAcknowledged || !flow.server.isAcknowledged;
      if (cameToNothing && this.examples.length < MOST_EXAMPLES) keep(this.examples, flow);
      return;
    }
    if (this.told[worst]++ < MOST_TOLD[worst]) keep(this.flows, flow);
    else for (const id of new Set(found.map(({ pattern }) => pattern.id))) count(this.leftOut, id);
  }
}

function keep(flows: Flow[], flow: Flow): void {
  flow.settle();
  flows.push(flow);
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}
