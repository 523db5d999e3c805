import type { Flow } from '../flow/flow.js';
import { Aborts } from './aborts.js';
import { AddressClocks } from './clock.js';
import { Closes } from './closes.js';
import { Fingerprints } from './fingerprint.js';
import { Listeners } from './listener.js';
import { Neighbours } from './neighbours.js';
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
    this.fingerprints.learn(flow);
    this.vantages.learn(flow);
    this.listeners.learn(flow);
    this.clocks.learn(flow);
    this.aborts.learn(flow);
    this.closes.learn(flow);
    this.quality.learn(flow);
    this.roles.learn(flow);
  }
}
