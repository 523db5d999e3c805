import type { Flow } from '../flow/flow.js';
import { socketText } from '../hosts/address.js';
import type { Hosts } from '../hosts/hosts.js';
import type { Placed } from '../hosts/vantage.js';
import { type Found, hostPatterns, recogniseAll } from '../patterns/index.js';
import type { Severity } from '../patterns/pattern.js';
import { Story } from '../patterns/story.js';
import type { Finding } from '../report.js';
import type { Case } from '../root-causes/cause.js';
import { suspectsOf, suspectsOfHosts } from '../root-causes/weigh.js';
import { frameFilter, joinConversations, joinHosts, MOST_FRAMES, MOST_STREAMS, streamFilter } from './alike.js';
import { type Heard, knownLooks, sceneOf, sceneOfHost } from './scenes.js';
import { type Examined, heard, Tally } from './suspects.js';

/** What is said of one flow, and where it was captured. */
export interface Told {
  readonly flow: Flow;
  readonly placed: Placed;
  readonly drafts: readonly Draft[];
}

/** A finding without its causes, and what is to be asked about them. */
interface Draft {
  readonly finding: Omit<Finding, 'suspects' | 'ruledOut'>;
  readonly examined: Examined;
}

/** Each pattern of a flow, with its causes as the capture shows them. `end`: up to when the capture reaches. */
export function tell(flow: Flow, hosts: Hosts, end: number, from: Heard): Told {
  const placed = hosts.vantages.of(flow);
  const story = new Story(flow, placed.vantage, Math.min(end, flow.givenUpAt));
  const found = recogniseAll(story);
  return { flow, placed, drafts: found.map((one) => draftOfFlow(one, found, story, hosts, from)) };
}

/**
 * What is to be said: each pattern of each flow with its causes, then what many flows show together; alike ones said once.
 * `streams`: when only some of the flows are told of, what the others show is not said.
 */
export function findingsOf(told: readonly Told[], flows: readonly Flow[], hosts: Hosts, from: Heard, streams?: ReadonlySet<number>): Finding[] {
  const ofFlows = told.flatMap(({ drafts }) => drafts);
  const ofHosts = draftsOfHosts(flows, hosts, from).filter(({ finding }) => streams === undefined || finding.streams.some((one) => streams.has(one)));
  const tally = new Tally([...ofHosts, ...ofFlows].map(({ examined }) => examined));
  const complete = ({ finding, examined }: Draft): Finding => ({ ...finding, ...heard(examined, tally) });
  return [...joinHosts(ofHosts.map(complete)), ...joinConversations(ofFlows.map(complete))].sort(bySeverity);
}

function draftOfFlow(found: Found, all: readonly Found[], story: Story, hosts: Hosts, from: Heard): Draft {
  const { pattern, part, match } = found;
  const given: Case = {
    story,
    part,
    peer: story.other(part),
    hosts,
    looks: ({ endpoint }) => hosts.fingerprints.of(endpoint),
    alsoShows: (other) => all.find((one) => one.pattern.id === other.id)?.match.evidence as never,
  };
  const frames = [...new Set([...match.moments.map(({ frame }) => frame), ...(match.frames ?? [])])].sort((a, b) => a - b);
  const { stream } = story.flow;
  const scene = sceneOf(part, story, from);
  return {
    finding: {
      pattern: pattern.id,
      title: pattern.title,
      severity: match.severity ?? pattern.severity,
      subject: `${socketText(story.flow.client)} to ${socketText(story.flow.server)}`,
      side: part.role,
      streams: [stream],
      frames: frames.slice(0, MOST_FRAMES),
      filter: `tcp.stream eq ${stream}`,
      sentence: pattern.tell(match.evidence),
    },
    examined: { suspects: suspectsOf(found, given), scene, streams: [stream], frames, names: { own: scene.own.host, peer: scene.peer.host } },
  };
}

function draftsOfHosts(flows: readonly Flow[], hosts: Hosts, from: Heard): Draft[] {
  const byStream = new Map(flows.map((flow) => [flow.stream, flow]));
  return hostPatterns.flatMap((pattern) =>
    pattern.recognise(hosts).map((match): Draft => {
      const { subject, streams, frames } = match;
      const flow = byStream.get(Math.min(...streams.filter((stream) => byStream.has(stream))));
      const scene = sceneOfHost(subject, flow, hosts, from);
      return {
        finding: {
          pattern: pattern.id,
          title: pattern.title,
          severity: match.severity ?? pattern.severity,
          subject,
          side: null,
          streams: streams.slice(0, MOST_STREAMS),
          frames: frames.slice(0, MOST_FRAMES),
          filter: streams.length > 0 ? streamFilter(streams) : frameFilter(frames),
          sentence: pattern.tell(match.evidence),
        },
        // Not each of these conversations is one in which the cause acted, so that they are not counted.
        examined: {
          suspects: suspectsOfHosts(pattern.id, match.evidence, hosts, (where) => knownLooks(where, scene, hosts)),
          scene,
          streams: [],
          frames,
          names: { own: subject, peer: 'the server' },
        },
      };
    }),
  );
}

const ORDER: Record<Severity, number> = { failure: 0, warning: 1, note: 2 };

/** The worst first; of equals the one with the surest cause, then the earliest. */
export function bySeverity(a: Finding, b: Finding): number {
  const sure = ({ suspects }: Finding): number => ['confirmed', 'certain', 'likely', 'possible'].indexOf(suspects[0]?.certainty ?? 'possible');
  return ORDER[a.severity] - ORDER[b.severity] || sure(a) - sure(b) || (a.frames[0] ?? 0) - (b.frames[0] ?? 0);
}
