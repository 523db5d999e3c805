import { RESENT_FAST, RESENT_PROBE, RESENT_TIMEOUT } from '../flow/verdict.js';
import type { HostTable } from './host.js';
import type { Outline } from './outline.js';

const RESENT = (1 << RESENT_FAST) | (1 << RESENT_TIMEOUT) | (1 << RESENT_PROBE);

/** In how many conversations of a host data had to be sent again: a path that loses packets loses those of several. */
export class Losses {
  constructor(private readonly hosts: HostTable) {}

  learn({ flow, client, server }: Outline): void {
    if (!(flow.timeline.segments.verdicts & RESENT)) return;
    if (client !== undefined) client.lossy++;
    if (server !== undefined) server.lossy++;
  }

  /** By its address as text. */
  of(host: string): number {
    return this.hosts.called(host)?.lossy ?? 0;
  }
}
