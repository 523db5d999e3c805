import type { Flow } from '../flow/flow.js';
import { Aborts } from './aborts.js';
import { AddressClocks } from './clock.js';
import { Closes } from './closes.js';
import { Fingerprints } from './fingerprint.js';
import { Listeners } from './listener.js';
import { Neighbours } from './neighbours.js';
import { Outline } from './outline.js';
import { Quality } from './quality.js';
import { Roles } from './roles.js';
import { type Vantage, Vantages } from './vantage.js';

/** What the flows of a capture say about the hosts behind them. */
export class Hosts {
  readonly fingerprints: Fingerprints = new Fingerprints();
  readonly listeners: Listeners = new Listeners();
  readonly clocks: AddressClocks = new AddressClocks();
  readonly neighbours: Neighbours = new Neighbours();
  readonly aborts: Aborts = new Aborts();
  readonly closes: Closes = new Closes();
  readonly quality: Quality = new Quality();
  readonly roles: Roles = new Roles();
  readonly vantages: Vantages;

  /** `told`: where the capture was made, when the reader knows. */
  constructor(told?: Vantage) {
    this.vantages = new Vantages(told);
  }

  learn(flow: Flow): void {
    const outline = new Outline(flow);
    this.fingerprints.learn(flow);
    this.vantages.learn(outline);
    this.listeners.learn(outline);
    this.clocks.learn(outline);
    this.aborts.learn(outline);
    this.closes.learn(outline);
    this.quality.learn(outline);
    this.roles.learn(outline);
  }

  /** Takes over what other flows of the same capture say. Who asks for neighbours is no flow's own: one part knows it. */
  merge(other: Hosts): void {
    this.fingerprints.merge(other.fingerprints);
    this.vantages.merge(other.vantages);
    this.listeners.merge(other.listeners);
    this.clocks.merge(other.clocks);
    this.aborts.merge(other.aborts);
    this.closes.merge(other.closes);
    this.quality.merge(other.quality);
    this.roles.merge(other.roles);
  }
}
