import { countText } from '../hosts/wording.js';
import type { PathPoint } from '../path-report.js';
import type { Finding, ReportedSuspect } from '../report.js';
import { INJECTED, LOST } from '../vantages/fates.js';
import { CLAIMS, type Claim } from './claims.js';
import type { Testimony, Witnesses } from './witnesses.js';

/** Weighs the suspects of a finding once more, with what the other captures of the same conversations show. */
export function secondOpinion(finding: Finding, capture: string, witnesses: Witnesses): Finding {
  const testimonies = finding.streams.flatMap((stream) => witnesses.about(capture, stream));
  if (testimonies.length === 0) return finding;
  const suspects = finding.suspects.map((suspect) => {
    const claim = CLAIMS[suspect.cause];
    return claim === undefined ? suspect : testimonies.reduce((weighed, testimony) => weigh(weighed, claim, finding, testimony), suspect);
  });
  return { ...finding, suspects: suspects.toSorted((a, b) => RANK[b.certainty] - RANK[a.certainty] || a.against.length - b.against.length) };
}

const RANK: Record<ReportedSuspect['certainty'], number> = { confirmed: 4, certain: 3, likely: 2, possible: 1 };

function weigh(suspect: ReportedSuspect, claim: Claim, finding: Finding, testimony: Testimony): ReportedSuspect {
  const { by, reordered, duplicated, doubtful } = testimony;
  const shows = `${whose(by)} shows`;
  switch (claim) {
    case 'lost':
    case 'ignored':
      return weighLoss(suspect, claim, finding, testimony);
    case 'overtaken':
      if (reordered > 0) return stronger(suspect, `${shows} ${countText(reordered, 'segment')} overtaken on the way`);
      return doubtful > 0 ? suspect : weaker(suspect, `${shows} them in the order in which they were sent`);
    case 'doubled':
      if (duplicated > 0) return stronger(suspect, `${shows} that ${countText(duplicated, 'segment')} left once and came twice`);
      return doubtful > 0 ? suspect : weaker(suspect, `${shows} none of them twice on the way`);
    default:
      return weighReset(suspect, claim, finding, testimony);
  }
}

/** Whether the segments of the finding got to the other capture. */
function weighLoss(suspect: ReportedSuspect, claim: 'lost' | 'ignored', { frames }: Finding, testimony: Testimony): ReportedSuspect {
  const { by, lost, doubtful, fates } = testimony;
  const asked = frames.filter((frame) => testimony.isLeaving(frame)).length;
  const gone = frames.filter((frame) => fates.get(frame) === LOST).length;
  const never = `${whose(by)} never shows ${gone < asked ? `${gone} of them` : asked === 1 ? 'it' : 'them'}: lost on the way there`;
  if (claim === 'ignored') return asked > 0 && gone === asked ? weaker(suspect, never) : suspect;
  if (gone > 0) return stronger(suspect, never);
  if (lost > 0)
    return { ...suspect, because: [...suspect.because, `${countText(lost, 'segment')} of the conversation vanished between the two captures`] };
  if (doubtful > 0) return suspect;
  if (!isAtAnEnd(by))
    return { ...suspect, against: [...suspect.against, `${by.capture} shows that ${asked === 1 ? 'it' : 'everything'} got that far`] };
  return weaker(suspect, `${whose(by)} shows that ${asked === 1 ? 'it' : 'everything'} arrived`);
}

/** A reset that came here: whether it left the other end. */
function weighReset(suspect: ReportedSuspect, claim: 'made on the way' | 'sent', { frames }: Finding, testimony: Testimony): ReportedSuspect {
  const { by, fates } = testimony;
  const came = frames.filter((frame) => !testimony.isLeaving(frame));
  const isMade = came.some((frame) => fates.get(frame) === INJECTED);
  if (isMade) {
    const reason = `${whose(by)} does not show that it was sent: something between the two has made it`;
    return claim === 'sent' ? weaker(suspect, reason) : stronger(suspect, reason);
  }
  const isSent = came.length > 0 && came.every((frame) => !fates.has(frame)) && isAtAnEnd(by);
  return isSent && claim === 'made on the way' ? weaker(suspect, `${whose(by)} shows that it was sent there`) : suspect;
}

function isAtAnEnd({ place }: PathPoint): boolean {
  return place === 'client' || place === 'server';
}

function whose(by: PathPoint): string {
  return isAtAnEnd(by) ? `the ${by.place}'s capture` : by.capture;
}

/** Seen, not inferred: nothing else is known to produce it. */
function stronger(suspect: ReportedSuspect, reason: string): ReportedSuspect {
  return { ...suspect, certainty: suspect.certainty === 'confirmed' ? 'confirmed' : 'certain', because: [...suspect.because, reason] };
}

function weaker(suspect: ReportedSuspect, reason: string): ReportedSuspect {
  return { ...suspect, certainty: suspect.certainty === 'confirmed' ? 'confirmed' : 'possible', against: [...suspect.against, reason] };
}
