import type { IcmpMoment } from '../../flow/timeline.js';

/** Family and type of the errors that say "it does not get through". */
export const ICMP_ERRORS: ReadonlySet<string> = new Set(['4 3', '4 11', '6 1', '6 3']);

const UNREACHABLE4: readonly string[] = [
  'network unreachable',
  'host unreachable',
  'protocol unreachable',
  'port unreachable',
  'fragmentation needed',
  'source route failed',
  'network unknown',
  'host unknown',
  'source host isolated',
  'network administratively prohibited',
  'host administratively prohibited',
  'network unreachable for this type of service',
  'host unreachable for this type of service',
  'communication administratively prohibited',
];

const UNREACHABLE6: readonly string[] = [
  'no route to destination',
  'communication administratively prohibited',
  'beyond scope of source address',
  'address unreachable',
  'port unreachable',
  'source address failed policy',
  'route rejected',
];

/** What an ICMP error says, in the words of RFC 792, RFC 1812 and RFC 4443. */
export function icmpName({ family, type, code }: IcmpMoment): string {
  if (family === 4 && type === 3) return UNREACHABLE4[code] ?? `unreachable (code ${code})`;
  if (family === 6 && type === 1) return UNREACHABLE6[code] ?? `unreachable (code ${code})`;
  if ((family === 4 && type === 11) || (family === 6 && type === 3))
    return code === 0 ? 'time to live exceeded' : 'fragment reassembly time exceeded';
  if (family === 6 && type === 2) return 'packet too big';
  return `type ${type} code ${code}`;
}
