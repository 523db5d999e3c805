import { countText } from '../../hosts/wording.js';
import type { Pattern } from '../pattern.js';
import { ICMP } from '../signs.js';
import { ICMP_ERRORS, icmpName } from './icmp-name.js';

interface Evidence {
  error: string;
  errors: number;
  /** The connection went on afterwards. */
  recovered: boolean;
  frames: number[];
}

/** Told of the end whose segments are rejected. */
export const icmpAboutOpenConnection: Pattern<'icmp-about-open-connection', Evidence> = {
  id: 'icmp-about-open-connection',
  title: 'ICMP errors about an open connection',
  severity: 'warning',
  needs: ICMP,
  about: `Something on the way answers segments of an established connection with "unreachable". Linux only takes a note of it and goes on repeating: should the
    connection time out, the application is told this error instead of a timeout.`,
  example: `
    0.000 > P. 1000:1100(100) ack 5000 win 500
    0.010 < .  5000:5000(0)   ack 1100 win 500
    1.000 > P. 1100:1200(100) ack 5000 win 500
    1.005 icmp unreachable 1 about > P. 1100:1200(100)
    1.220 > P. 1100:1200(100) ack 5000 win 500    # icmp-about-open-connection
    1.225 icmp unreachable 1 about > P. 1100:1200(100)
  `,
  recognise(part, story) {
    const errors = story.icmp.filter(
      ({ side, family, type, mtu }) => side === part.endpoint.side && ICMP_ERRORS.has(`${family} ${type}`) && mtu === 0,
    );
    const [first] = errors;
    if (first === undefined || story.flow.peer(part.endpoint).segments === 0) return undefined;
    const last = errors.at(-1) ?? first;
    const repeated = part.moments.filter(({ earlier, time }) => earlier !== undefined && time > first.time);
    const recovered = part.endpoint.isAcknowledged && part.endpoint.sndUnaTime > last.time;
    return { evidence: { error: icmpName(first), errors: errors.length, recovered, frames: errors.map(({ frame }) => frame) }, moments: repeated };
  },
  tell: ({ error, errors, recovered }) =>
    `${countText(errors, 'ICMP error')} (${error}) about segments of this connection; it ${recovered ? 'recovered' : 'did not recover in this capture'}.`,
};
