import type { Flow } from '../flow/flow.js';
import { AddressClocks } from './clock.js';
import { Aborts } from './closing/aborts.js';
import { Closes } from './closing/closes.js';
import { Fingerprints, learnSyn } from './fingerprint.js';
import { HostTable } from './host.js';
import { Listeners } from './listeners.js';
import { Losses } from './losses.js';
import { Neighbours } from './neighbours.js';
import { Outline } from './outline.js';
import { Quality } from './quality.js';
import { Roles } from './roles.js';
import { Strays } from './strays.js';
import { type Vantage, Vantages } from './vantage.js';

/** What the flows of a capture say about the hosts behind them. */
export class Hosts {
  private readonly table = new HostTable();
  readonly fingerprints: Fingerprints = new Fingerprints(this.table);
  readonly listeners: Listeners = new Listeners();
  readonly clocks: AddressClocks = new AddressClocks();
  neighbours: Neighbours = new Neighbours();
  readonly aborts: Aborts = new Aborts(this.table);
  readonly closes: Closes = new Closes();
  readonly strays: Strays = new Strays();
  readonly quality: Quality = new Quality();
  readonly roles: Roles = new Roles(this.table);
  readonly losses: Losses = new Losses(this.table);
  readonly vantages: Vantages;

  /** `told`: where the capture was made, when the reader knows. `hidesNetworks`: addresses do not say who is on one link. */
  constructor(told: Vantage | undefined, hidesNetworks: boolean) {
    this.vantages = new Vantages(told, this.table, hidesNetworks);
  }

  learn(flow: Flow): void {
    const outline = new Outline(flow, this.table);
    const { client, server } = outline;
    if (client !== undefined && flow.client.hasSyn) learnSyn(client, flow.client, flow.stream);
    if (server !== undefined && flow.server.hasSyn) learnSyn(server, flow.server, flow.stream);
    this.vantages.learn(outline);
    this.listeners.learn(outline);
    this.clocks.learn(outline);
    this.aborts.learn(outline);
    this.closes.learn(outline);
    this.strays.learn(outline);
    this.quality.learn(outline);
    this.roles.learn(outline);
    this.losses.learn(outline);
  }

  /** There were more than are told apart. */
  get isCrowded(): boolean {
    return this.table.isCrowded;
  }

  /** Takes over what the frames of the same capture say that are no flow's own, where somebody else has read them. */
  adopt({ neighbours, quality }: Hosts): void {
    this.neighbours = neighbours;
    Object.assign(this.quality.cut, quality.cut);
  }

  /** Takes over what other flows of the same capture say. Who asks for neighbours is no flow's own: one part knows it. */
  merge(other: Hosts): void {
    this.table.merge(other.table);
    this.aborts.forget();
    this.listeners.merge(other.listeners);
    this.clocks.merge(other.clocks);
    this.closes.merge(other.closes);
    this.strays.merge(other.strays);
    this.quality.merge(other.quality);
  }
}
