import type { Moment } from '../../flow/timeline.js';
import { isResent, SPURIOUS, type Verdict } from '../../flow/verdict.js';
import { countText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { WRONG_CHECKSUM } from '../signs.js';

interface Evidence {
  /** Segments with a wrong TCP checksum, and checked ones in all. */
  wrong: number;
  checked: number;
}

/** Told of the sender. */
export const segmentsCorrupted: Pattern<'segments-corrupted', Evidence> = {
  id: 'segments-corrupted',
  title: 'Segments arrive damaged',
  severity: 'warning',
  needs: WRONG_CHECKSUM,
  about: `A segment that was captured on its way in has a wrong TCP checksum: it was changed after its sender had sent it. The kernel drops it
    without a word, and the sender has to send it again. (On the way out a wrong checksum is normal: the network card fills it in.)`,
  example: `
    0.000 > . 1000:1100(100) ack 5000 win 500
    0.001 > . 1100:1200(100) ack 5000 win 500 badsum     # segments-corrupted
    0.002 > . 1200:1300(100) ack 5000 win 500
    0.003 < . 5000:5000(0)   ack 1100 win 500
    0.004 > . 1100:1200(100) ack 5000 win 500
  `,
  recognise(part, story) {
    const { badChecksums, goodChecksums, badChecksumFrames, hasResent } = part.endpoint;
    if (badChecksums === 0 || story.isAt(part)) return undefined;
    const isDenied = ({ verdict, earlier }: Moment): boolean => isNeeded(verdict) && badChecksumFrames.includes(earlier?.frame ?? 0);
    if (badChecksums > goodChecksums && !part.moments.some(isDenied)) return undefined;
    // Elsewhere than at the receiver a checksum may still be filled in; when nothing was sent again, it probably was.
    const isHarmful = hasResent || story.isAt(story.other(part));
    return {
      evidence: { wrong: badChecksums, checked: badChecksums + goodChecksums },
      moments: [],
      frames: badChecksumFrames,
      severity: isHarmful ? 'warning' : 'note',
    };
  },
  tell: ({ wrong, checked }) => `${countText(wrong, 'segment')} of ${checked} arrived with a wrong TCP checksum.`,
};

/** Sent again because the receiver had not taken it. */
function isNeeded(verdict: Verdict): boolean {
  return isResent(verdict) && !(verdict & SPURIOUS);
}
