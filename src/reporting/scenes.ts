import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';
import { hostText } from '../hosts/address.js';
import type { Fingerprint } from '../hosts/fingerprint.js';
import type { Hosts } from '../hosts/hosts.js';
import type { Part, Story } from '../patterns/story.js';
import type { Where } from '../root-causes/cause.js';
import type { End } from '../root-causes/testimony/sockets.js';
import type { Scene } from '../root-causes/testimony/testify.js';

/** What the reader has saved on the hosts. */
export type Heard = Pick<Scene, 'witnesses'>;

/** The ends of a conversation, as a pattern is told of one of them. */
export function sceneOf(part: Part, story: Story, from: Heard): Scene {
  const resetting = story.parts.filter(({ resets }) => resets.length > 0).map(({ endpoint }) => endOf(endpoint));
  return {
    own: endOf(part.endpoint),
    peer: endOf(story.other(part).endpoint),
    resetting: resetting.length === 1 ? resetting[0] : undefined,
    ...from,
  };
}

/** The host or listener that a host pattern is about, or the first of two; its peer is the server. Of the capture itself there is no scene. */
export function sceneOfHost(subject: string, flow: Flow | undefined, { roles }: Hosts, from: Heard): Scene | undefined {
  const [own = subject] = subject.split(' to ');
  const [, host = own, port = '0'] = /^\[(.+)\]:(\d+)$/.exec(own) ?? /^([\d.]+):(\d+)$/.exec(own) ?? [];
  if (!roles.isCaptured(host)) return undefined;
  const end = { host, port: Number(port) };
  return { own: end, peer: flow === undefined ? end : endOf(flow.server), resetting: undefined, ...from };
}

/** Of what many conversations show, only a kernel that the reader named rules a cause out. */
export function knownLooks(where: Where, scene: Scene | undefined, { fingerprints }: Hosts): Fingerprint | undefined {
  const end = where === 'this end' ? scene?.own : where === 'the peer' ? scene?.peer : undefined;
  const looks = end && fingerprints.ofHost(end.host);
  return looks?.kernel && looks;
}

function endOf(endpoint: Endpoint): End {
  return { host: hostText(endpoint), port: endpoint.port };
}
