import { countBySeverity, type Report, SEVERITIES } from '../../report.js';
import { healthText } from '../healthy.js';
import { leftOutText } from '../left-out.js';
import { outcomesText } from '../outcomes.js';
import { utc } from '../utc.js';
import { countText } from '../wording.js';
import { clip, code, safe } from './safe.js';

const MOST_FILES = 5;
const MOST_CAVEATS = 20;
/** Characters. */
const MOST_OF_NAME = 120;
const MOST_OF_CAVEAT = 400;

/** What always stays: the file, the capture, what limits trust, how conversations ended, what was found. */
export function* summary({ capture, input, findings, leftOut }: Report): Generator<string> {
  const when = capture.start === '' ? '' : ` from ${utc(capture.start)}`;
  const names = input.slice(0, MOST_FILES).map(({ name }) => code(clip(name, MOST_OF_NAME)));
  const further = input.length - names.length;
  yield `# ${names.join(', ')}${further > 0 ? ` and ${further} more` : ''}`;
  yield '';
  yield `- Capture: ${capture.linkTypes.join(', ') || 'no frames'}, ${countText(capture.frames, 'packet')} (${capture.segments} TCP), ${capture.seconds.toFixed(3)} s${when}, ${countText(capture.conversations, 'conversation')}`;
  const outcomes = outcomesText(capture.outcomes, (outcome) => safe(clip(outcome, MOST_OF_NAME)));
  if (outcomes !== '') yield `- Outcomes: ${outcomes}`;
  for (const { sentence } of capture.caveats.slice(0, MOST_CAVEATS)) yield `- Trust: ${safe(clip(sentence, MOST_OF_CAVEAT))}`;
  if (capture.caveats.length > MOST_CAVEATS) yield `- Trust: ${capture.caveats.length - MOST_CAVEATS} more of the kind`;
  const counts = countBySeverity(findings);
  yield `- Found: ${SEVERITIES.map((severity) => countText(counts[severity], severity)).join(', ')}`;
  if (leftOut.length > 0) yield `- Not shown, as asked: ${leftOut.map(leftOutText).join(', ')}`;
  const health = healthText(findings.length, leftOut);
  if (health !== undefined) yield `\n${health}`;
}
