/** What a kernel setting does, for somebody who is about to change it. */
export interface Sysctl {
  /** In full, as sysctl(8) takes it. Settings of interfaces are named by their value for all of them. */
  readonly name: string;
  readonly meaning: string;
  readonly unit: string;
  /** The newest first: what a kernel starts with, from `since`, up to but not including `before`. */
  readonly defaults: readonly { readonly value: string; readonly since?: string; readonly before?: string }[];
  /** The kernel that has it first, where it is not older than anybody remembers. */
  readonly since?: string;
  /** The first kernel without it. */
  readonly removed?: string;
  /** Whether each network namespace, and so each container, has its own. */
  readonly scope: 'namespace' | 'global';
  /** What it stands behind on the wire. */
  readonly symptom: string;
  /** What folk advice gets wrong about it. */
  readonly truth?: string;
  /** Ids of the causes in which it has a part. */
  readonly causes: readonly string[];
}
