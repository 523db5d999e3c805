import type { FlowReport, StateChange } from '../../report.js';
import { clip } from './layout.js';
import type { Palette } from './palette.js';

/** The states of both ends, one lane each, with the times at which they changed: "SYN_SENT 0.000 ESTABLISHED 0.041 FIN_WAIT1 ...". */
export function* lanes(flow: FlowReport, width: number, ascii: boolean, { dim, cyan }: Palette): Generator<string> {
  const arrow = ascii ? '>' : '▸';
  for (const side of ['client', 'server'] as const) {
    const changes = flow.states.filter((change) => change.side === side);
    const head = `  ${side}  ${side === 'client' ? flow.client : flow.server}`;
    if (changes.length === 0) {
      yield `${head}  ${dim('never heard')}`;
      continue;
    }
    yield head;
    yield* lane(changes, arrow, width).map((line) => cyan(clip(line, width, ascii)));
  }
}

/** As many states as fit a line; each with its time, and how it is known when no segment shows it. */
function lane(changes: readonly StateChange[], arrow: string, width: number): string[] {
  const steps = changes.map(({ to, at, basis }) => `${to} ${at.toFixed(3)}${basis === 'seen' ? '' : ` (${basis})`}`);
  const lines: string[] = [];
  let line = '   ';
  for (const step of steps) {
    const piece = ` ${arrow} ${step}`;
    if (line.trim() !== '' && line.length + piece.length > width) {
      lines.push(line);
      line = '   ';
    }
    line += piece;
  }
  return [...lines, line];
}
