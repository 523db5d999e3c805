import { ACK, FIN, RST } from '../decode/flags.js';
import type { Endpoint } from '../flow/endpoint.js';
import type { Flow } from '../flow/flow.js';
import { hostText } from './address.js';

/** A connection that an end has reset on its own account. */
export interface Aborted {
  readonly stream: number;
  readonly frame: number;
  readonly time: number;
  /** This end had sent data, or answered all that came. */
  readonly wasServed: boolean;
  /** It had sent a FIN, as far as captured, or its reset counts one. */
  readonly hadFin: boolean;
}

const MOST = 4096;

/** Resets by the hosts that sent them: several in one instant have one reason. */
export class Aborts {
  readonly byHost: Map<string, Aborted[]> = new Map<string, Aborted[]>();
  /** When each host sent the first FIN of each of its other connections. */
  private readonly closesByHost = new Map<string, number[]>();

  learn(flow: Flow): void {
    for (const endpoint of [flow.client, flow.server]) {
      const reset = flow.timeline.moments.find(({ side, flags, seq }) => side === endpoint.side && flags & RST && flags & ACK && seq !== 0);
      if (reset === undefined) {
        this.noteClose(flow, endpoint);
        continue;
      }
      const peer = flow.peer(endpoint);
      const host = hostText(endpoint);
      const all = this.byHost.get(host) ?? [];
      const hadFin = flow.timeline.moments.some(({ side, flags, frame }) => side === endpoint.side && flags & FIN && frame < reset.frame);
      const isBeyond = reset.seq === ((endpoint.sndNxt + 1) | 0);
      if (all.length < MOST) {
        const wasServed = endpoint.dataSegments > 0 || (peer.dataSegments > 0 && endpoint === flow.client);
        all.push({ stream: flow.stream, frame: reset.frame, time: reset.time, wasServed, hadFin: hadFin || isBeyond });
      }
      this.byHost.set(host, all);
    }
  }
  /** How many connections a host closed with a FIN between two moments, resetting none of them. */
  closedBetween(host: string, from: number, to: number): number {
    return (this.closesByHost.get(host) ?? []).filter((time) => time >= from && time <= to).length;
  }

  private noteClose({ timeline }: Flow, endpoint: Endpoint): void {
    const fin = timeline.moments.find(({ side, flags }) => side === endpoint.side && flags & FIN);
    if (fin === undefined) return;
    const host = hostText(endpoint);
    const all = this.closesByHost.get(host) ?? [];
    if (all.length < MOST) all.push(fin.time);
    if (this.closesByHost.size < MOST) this.closesByHost.set(host, all);
  }
}
