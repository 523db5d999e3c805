import type { Cause, Entry } from '../../explain.js';
import { labelled, wrap } from '../terminal/layout.js';
import type { Palette } from '../terminal/palette.js';
import { references, section, steps } from './section.js';
import { defaultsText, historyText } from './sysctl.js';

type CauseEntry = Extract<Entry, { kind: 'cause' }>;

const INDENT = 2;
const COLUMN = 18;

/** The manual page of a cause: first what to do about it, last what is only needed to look further. */
export function* causePage(entry: CauseEntry, width: number, palette: Palette): Generator<string> {
  const { cause, patterns } = entry;
  yield* wrap(`${cause.title}.${cause.isBenign ? ' This is how things should be.' : ''}`, width);
  yield '';
  yield* wrap(cause.mechanism, width);
  yield '';
  yield palette.bold('To confirm');
  for (const { run, expect } of cause.confirm) {
    yield `  ${palette.cyan(`$ ${run}`)}`;
    yield* wrap(expect, width, 6);
  }
  yield* steps('To change, best first', cause.remedy, width, palette);
  yield* section('To avoid', cause.avoid ?? [], width, palette);
  yield* section('Looks alike', cause.mimics?.map(({ cause: id, tell }) => `${id}: ${tell}`) ?? [], width, palette);
  yield* whereItShows(entry, width, palette);
  yield* references('Seen as', patterns, width, palette);
  yield* section('Sources', cause.sources, width, palette);
}

/** What of the host it leaves its mark on, and how sure a capture can be. */
function* whereItShows({ cause, sysctls, certainty }: CauseEntry, width: number, { bold }: Palette): Generator<string> {
  const facts: readonly (readonly [string, readonly string[]])[] = [
    ['kernels', [kernelsText(cause)]],
    ['settings', sysctls.map((sysctl) => `${sysctl.name}, ${[defaultsText(sysctl), historyText(sysctl)].filter(Boolean).join('; ')}`)],
    ['counters', cause.counters?.length ? [cause.counters.join(', ')] : []],
    ['drop reasons', cause.dropReasons?.length ? [cause.dropReasons.join(', ')] : []],
    ['reset reasons', cause.resetReasons?.length ? [cause.resetReasons.join(', ')] : []],
    ['how sure', [certaintyText(certainty)]],
    ['recorded in', [`captures/${cause.capture}`]],
  ];
  yield '';
  yield bold('Facts');
  for (const [label, lines] of facts) {
    for (const [i, line] of lines.entries()) yield* labelled(i === 0 ? label : '', line, width, INDENT, COLUMN);
  }
}

function kernelsText({ kernels: { since, before } = {} }: Cause): string {
  if (since === undefined && before === undefined) return 'all';
  return [since && `${since} and later`, before && `before ${before}`].filter(Boolean).join(', ');
}

/** "certain from a capture at the server, likely from one at the client" */
function certaintyText(certainty: CauseEntry['certainty']): string {
  const { client, server } = certainty;
  if (client !== undefined && client === server) return `${client}, from a capture at either end`;
  const places = (['client', 'server', 'middle'] as const).flatMap((place) =>
    certainty[place] === undefined ? [] : `${certainty[place]} from a capture ${place === 'middle' ? 'on the path' : `at the ${place}`}`,
  );
  return places.length === 0 ? 'not measured by place' : places.join(', ');
}
