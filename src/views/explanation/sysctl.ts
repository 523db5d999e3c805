import type { Entry, Side, Sysctl } from '../../explain.js';
import { labelled, wrap } from '../terminal/layout.js';
import type { Palette } from '../terminal/palette.js';
import { references } from './section.js';

type SysctlEntry = Extract<Entry, { kind: 'sysctl' }>;

const INDENT = 2;
const COLUMN = 14;

/** The manual page of a kernel setting. */
export function* sysctlPage({ sysctl, causes }: SysctlEntry, width: number, palette: Palette): Generator<string> {
  const { meaning, unit, symptom, truth, socketOption } = sysctl;
  yield* wrap(meaning, width);
  yield '';
  const history = historyText(sysctl);
  const facts: readonly (readonly [string, string])[] = [
    ['default', defaultsText(sysctl).replace(/^default /, '')],
    ['unit', unit],
    ['kernels', history === '' ? 'all' : history],
    ['acts on', SIDES[sysctl.side]],
    ['set for', SCOPES[sysctl.scope]],
    ...(socketOption === undefined ? [] : [['one socket', socketOption] as const]),
  ];
  for (const [label, text] of facts) yield* labelled(label, text, width, INDENT, COLUMN);
  if (sysctl.removed === undefined && (sysctl.scope === 'namespace' || sysctl.scope === 'global')) {
    yield* labelled('read it', palette.cyan(`$ sysctl ${sysctl.name}`), width + 20, INDENT, COLUMN);
  }
  yield '';
  yield palette.bold('On the wire');
  yield* wrap(symptom, width, INDENT);
  if (truth !== undefined) {
    yield '';
    yield palette.bold('What guides get wrong');
    yield* wrap(truth, width, INDENT);
  }
  yield* references('Has a part in', causes, width, palette);
}

/** "default 4096 since 5.4; 128 before 5.4" */
export function defaultsText({ defaults }: Sysctl): string {
  const values = defaults.map(({ value, since, before }) => {
    if (defaults.length === 1) return value;
    return [value, since && `since ${since}`, before && since === undefined && `before ${before}`].filter(Boolean).join(' ');
  });
  return `default ${values.join('; ')}`;
}

/** Since when and until when it exists; empty for what has always been there. */
export function historyText({ since, removed }: Sysctl): string {
  if (removed !== undefined) return `gone since ${removed}${since === undefined ? '' : `, from ${since} on`}`;
  return since === undefined ? '' : `since ${since}`;
}

const SIDES: Record<Side, string> = {
  client: 'the host that connects',
  server: 'the host that listens',
  either: 'either host, for itself',
  sender: 'the host that sends the data',
  receiver: 'the host that receives the data',
  closer: 'the host that closes',
  router: 'what filters, translates or forwards: a firewall on the way, or the host itself',
};

const SCOPES: Record<Sysctl['scope'], string> = {
  namespace: 'each network namespace: a container has its own, and does not take over that of the host',
  global: 'the whole machine; containers do not see it',
  socket: 'one socket, by the application (setsockopt): no sysctl',
  constant: 'all, when the kernel is compiled: no sysctl',
};
