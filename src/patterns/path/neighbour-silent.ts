import { timesText } from '../../hosts/wording.js';
import type { HostPattern } from '../pattern.js';

interface Evidence {
  requests: number;
  /** Times that three requests came a second apart, as Linux asks. */
  attempts: number;
  asker: string;
  /** Answers to the asking host would be in the capture. */
  hearsAnswers: boolean;
}

export const neighbourSilent: HostPattern<'neighbour-silent', Evidence> = {
  id: 'neighbour-silent',
  title: 'Nobody answers for the next hop',
  severity: 'failure',
  about: `Before a host can send to an address on its own network it asks by ARP which link address that is. Nobody answers, so not a single packet of the connection leaves:
    there is no SYN to be seen, and connect() fails with "no route to host" after three seconds.`,
  example: `
    0.000 arp who-has 10.0.0.77 tell 10.0.0.1    # neighbour-silent
    1.020 arp who-has 10.0.0.77 tell 10.0.0.1    # neighbour-silent
    2.040 arp who-has 10.0.0.77 tell 10.0.0.1    # neighbour-silent
  `,
  recognise({ neighbours }) {
    return neighbours.all
      .filter(({ attempts, isAnswered }) => attempts > 0 && !isAnswered)
      .map(({ address, asker, requests, attempts, hearsAnswers, frames }) => ({
        subject: address,
        evidence: { requests, attempts, asker, hearsAnswers },
        streams: [],
        frames,
        severity: hearsAnswers ? 'failure' : 'note',
      }));
  },
  tell: ({ requests, asker }) => `${asker} asked ${timesText(requests)} for its link address, and nobody answered.`,
};
