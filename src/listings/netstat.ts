import type { Capture } from '../capture/capture.js';
import { secondsText } from '../capture/time.js';
import { type FollowOptions, follow } from '../follow.js';
import type { Moment } from './netstat/moment.js';
import { type Census, Population } from './netstat/population.js';
import { type PortRange, type PortUse, portUses } from './netstat/ports.js';
import { Sockets } from './netstat/sockets.js';
import { type HostTable, hostTables } from './netstat/table.js';

/** The sockets of every host at a moment, as far as the capture shows them: listeners send nothing and are not among them. */
export interface Netstat {
  /** Seconds since 1970, with nine decimals; empty without frames, and when nobody is to know. */
  readonly at: string;
  /** Seconds after the start of the capture, and how long that lasts. */
  readonly seconds: number;
  readonly length: number;
  readonly hosts: readonly HostTable[];
  readonly ports: readonly PortUse[];
}

export interface NetstatOptions extends FollowOptions {
  /** Of the clients; otherwise the default is assumed where nothing speaks against it. */
  readonly localPorts?: PortRange;
}

/** Without a moment: the end of the capture. */
export async function listNetstat(capture: Capture, moment?: Moment, options: NetstatOptions = {}): Promise<Netstat> {
  const following = new Sockets(capture, moment);
  const { firstTime, lastTime } = await follow(capture, following, options);
  if (!Number.isFinite(firstTime)) return { at: '', seconds: 0, length: 0, hosts: [], ports: [] };
  const { at, sockets, figures } = following.finish(lastTime);
  const isLinux = (host: string): boolean => following.fingerprints.ofHost(host).isLinux;
  const shown = moment === undefined ? lastTime : at;
  return {
    at: capture.isAnonymous ? '' : secondsText(capture.epoch, shown),
    seconds: (shown - firstTime) / 1e9,
    length: (lastTime - firstTime) / 1e9,
    hosts: hostTables(sockets, { at, start: firstTime, figures, isLinux }),
    ports: portUses(sockets, isLinux, at, firstTime, options.localPorts),
  };
}

/** How many sockets of each host are in which state, every so many nanoseconds from the start of the capture to its end. */
export async function listCensus(capture: Capture, every: number, options: FollowOptions = {}): Promise<Iterable<Census>> {
  let start = Number.NaN;
  const population = new Population(every, () => start);
  const following = new Sockets(capture, undefined, (socket) => population.add(socket));
  const arrives = following.arrives.bind(following);
  following.arrives = (time, goingOn) => {
    if (Number.isNaN(start)) start = time;
    arrives(time, goingOn);
  };
  const { lastTime } = await follow(capture, following, options);
  if (Number.isNaN(start)) return [];
  following.settle(lastTime);
  return population.counts(lastTime);
}
