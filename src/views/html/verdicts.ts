/** What is told apart by colour in the graphs. */
export type Mark =
  | 'timeout'
  | 'fast'
  | 'probe'
  | 'needless'
  | 'handshake'
  | 'reordered'
  | 'duplicate'
  | 'window-probe'
  | 'keep-alive'
  | 'zero-window';

export const MARKS: readonly { readonly name: Mark; readonly label: string }[] = [
  { name: 'timeout', label: 'sent again after a timeout' },
  { name: 'fast', label: 'sent again because SACKs or duplicate ACKs asked' },
  { name: 'probe', label: 'tail loss probe' },
  { name: 'needless', label: 'sent again needlessly' },
  { name: 'handshake', label: 'SYN or FIN sent again' },
  { name: 'reordered', label: 'overtaken on the way' },
  { name: 'duplicate', label: 'doubled by the network' },
  { name: 'window-probe', label: 'window probe' },
  { name: 'keep-alive', label: 'keep-alive' },
  { name: 'zero-window', label: 'window closed' },
];

const OF_VERDICT: Readonly<Record<string, Mark>> = {
  'resent-timeout': 'timeout',
  'resent-fast': 'fast',
  'resent-probe': 'probe',
  'resent-syn': 'handshake',
  'resent-fin': 'handshake',
  reordered: 'reordered',
  'network-duplicate': 'duplicate',
  'window-probe': 'window-probe',
  'keep-alive': 'keep-alive',
};

/** The mark of a segment by its verdict; undefined for the usual ones. */
export function markOf({ verdict, observed }: { verdict: string; observed: readonly string[] }): Mark | undefined {
  if (verdict.endsWith('-spurious')) return 'needless';
  return OF_VERDICT[verdict] ?? (observed.includes('zero_window') ? 'zero-window' : undefined);
}
