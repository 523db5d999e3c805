import { isMidstream, isOneSided, lacksSyn } from '../hosts/completeness.js';
import { bytesText, countText } from '../hosts/wording.js';
import type { Case, Certainty, Weight } from './cause.js';

/** What the capture lacks of a conversation, and how sure anything about it can be in spite of that. */
interface Gap {
  readonly atMost: Certainty;
  readonly lacks: string;
}

/** What looks like silence or like the first of its kind may only be missing here: a capture with gaps proves nothing by what it does not show. */
export function asFarAsSeen(weight: Weight, given: Case): Weight {
  const gaps = gapsOf(given);
  const against = gaps.filter(({ atMost }) => RANK[weight.certainty] > RANK[atMost]);
  if (against.length === 0) return weight;
  const certainty = against.some(({ atMost }) => atMost === 'possible') ? 'possible' : 'likely';
  return { ...weight, certainty, against: [...(weight.against ?? []), ...against.map(({ lacks }) => lacks)] };
}

const RANK: Record<Certainty, number> = { certain: 3, likely: 2, possible: 1 };

function gapsOf({ story: { flow }, hosts: { quality } }: Case): Gap[] {
  const gaps: Gap[] = [];
  if (isOneSided(flow)) gaps.push({ atMost: 'possible', lacks: 'of this conversation only one direction was captured' });
  if (isMidstream(flow)) gaps.push({ atMost: 'likely', lacks: 'the conversation began before the capture' });
  if (lacksSyn(flow)) gaps.push({ atMost: 'likely', lacks: 'half of the handshake is not in the capture' });
  const missed = flow.first.missedBytes + flow.second.missedBytes;
  if (missed > 0) gaps.push({ atMost: 'likely', lacks: `${bytesText(missed)} of this conversation are not in the capture, which were acknowledged` });
  const { reportedDrops, cut } = quality;
  if (flow.hasCutOptions) gaps.push({ atMost: 'likely', lacks: 'packets of this conversation were cut inside their TCP options' });
  if (cut.withoutHeader > 0) gaps.push({ atMost: 'likely', lacks: `${countText(cut.withoutHeader, 'packet')} cut too short to tell whose they are` });
  if (reportedDrops > 0) gaps.push({ atMost: 'likely', lacks: `the capturing host dropped ${countText(reportedDrops, 'packet')}` });
  return gaps;
}
