/** What a kernel setting does, for somebody who is about to change it. */
export interface Sysctl {
  /** In full, as sysctl(8) takes it. Settings of interfaces are named by their value for all of them (`conf.all`, `neigh.default`). */
  readonly name: string;
  readonly meaning: string;
  readonly unit: string;
  /** The newest first: what a kernel starts with, from `since`, up to but not including `before`. */
  readonly defaults: readonly { readonly value: string; readonly since?: string; readonly before?: string }[];
  /** The kernel that has it first, where it is not older than anybody remembers. */
  readonly since?: string;
  /** The first kernel without it. */
  readonly removed?: string;
  /** Whether each network namespace, and so each container, has its own; or that it is no sysctl but a socket option or a constant. */
  readonly scope: 'namespace' | 'global' | 'socket' | 'constant';
  /** On which host of a connection it has its effect. */
  readonly side: Side;
  /** The socket option that decides the same for one socket. */
  readonly socketOption?: string;
  /** What it stands behind on the wire. */
  readonly symptom: string;
  /** What folk advice gets wrong about it. */
  readonly truth?: string;
  /** Ids of the causes in which it has a part. */
  readonly causes: readonly string[];
}

/** client = who connects, server = who listens, closer = who closes first, router = whatever forwards or filters, on the host or on the way. */
export type Side = 'client' | 'server' | 'either' | 'sender' | 'receiver' | 'closer' | 'router';
