import { countBySeverity, type Report, SEVERITIES } from '../../report.js';
import { leftOutText } from '../left-out.js';
import { countText } from '../wording.js';
import { clip, code, safe } from './safe.js';

const MOST_FILES = 5;
const MOST_CAVEATS = 20;
/** Characters. */
const MOST_OF_NAME = 120;
const MOST_OF_CAVEAT = 400;

/** What always stays: the file, the capture, what limits trust, how conversations ended, what was found. */
export function* summary({ capture, input, findings, leftOut }: Report): Generator<string> {
  const names = input.slice(0, MOST_FILES).map(({ name }) => code(clip(name, MOST_OF_NAME)));
  const further = input.length - names.length;
  yield `# ${names.join(', ')}${further > 0 ? ` and ${further} more` : ''}`;
  yield '';
  yield `- Capture: ${capture.linkTypes.join(', ') || 'no frames'}, ${countText(capture.frames, 'packet')} (${capture.segments} TCP), ${capture.seconds.toFixed(3)} s, ${countText(capture.conversations, 'conversation')}`;
  const outcomes = Object.entries(capture.outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  if (outcomes.length > 0) yield `- Outcomes: ${outcomes.map((outcome) => safe(clip(outcome, MOST_OF_NAME))).join(', ')}`;
  for (const { sentence } of capture.caveats.slice(0, MOST_CAVEATS)) yield `- Trust: ${safe(clip(sentence, MOST_OF_CAVEAT))}`;
  if (capture.caveats.length > MOST_CAVEATS) yield `- Trust: ${capture.caveats.length - MOST_CAVEATS} more of the kind`;
  const counts = countBySeverity(findings);
  yield `- Found: ${SEVERITIES.map((severity) => countText(counts[severity], severity)).join(', ')}`;
  if (leftOut.length > 0) yield `- Not shown, as asked: ${leftOut.map(leftOutText).join(', ')}`;
}
