import type { FlowReport, StateChange } from '../../report.js';
import { basisText } from '../timers.js';
import type { Palette } from './palette.js';

const INDENT = 4;

/** The states of both ends, one lane each, with the times at which they were entered: "0.000 SYN_SENT ▸ 0.041 ESTABLISHED ▸ 2.217 FIN_WAIT1". */
export function* lanes(flow: FlowReport, width: number, ascii: boolean, palette: Palette): Generator<string> {
  for (const side of ['client', 'server'] as const) {
    const changes = flow.states.filter((change) => change.side === side);
    const head = `  ${side}  ${flow[side]}`;
    if (changes.length === 0) yield `${head}  ${palette.dim('never heard')}`;
    else {
      yield head;
      yield* lane(changes, ascii ? '>' : '▸', width, palette);
    }
  }
}

/** As many states as fit a line; with how they are known when no segment shows them. */
function* lane(changes: readonly StateChange[], arrow: string, width: number, { dim, cyan }: Palette): Generator<string> {
  let line = ' '.repeat(INDENT);
  let length = INDENT;
  for (const [i, change] of changes.entries()) {
    const { to, at, basis } = change;
    const [time, how] = [at.toFixed(3), basis === 'seen' ? '' : ` (${basisText(change)})`];
    const link = i === 0 ? '' : `${arrow} `;
    const room = link.length + time.length + 1 + to.length + how.length;
    if (i > 0 && length + 1 + room > width) {
      yield line;
      line = ' '.repeat(INDENT);
      length = INDENT;
    } else if (i > 0) {
      line += ' ';
      length++;
    }
    line += `${link}${dim(time)} ${cyan(to)}${dim(how)}`;
    length += room;
  }
  yield line;
}
