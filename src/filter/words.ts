/** Words that say what a filter is about, and how they are joined. */
export const WORDS: readonly string[] = [
  'host',
  'net',
  'mask',
  'port',
  'portrange',
  'src',
  'dst',
  'and',
  'or',
  'not',
  'tcp',
  'ip',
  'ip6',
  'vlan',
  'tcp[tcpflags]',
];

/** Words of tcpdump that could only ever be about what is not looked at here. */
const ELSEWHERE: ReadonlySet<string> = new Set(
  'udp icmp icmp6 arp rarp ether sctp igmp igrp ah esp proto protochain gateway broadcast multicast less greater len inbound outbound ifname mpls pppoes geneve'.split(
    ' ',
  ),
);

/** Why a word is not understood, with the nearest one that is. */
export function complaint(word: string): string {
  if (word === '') return 'the filter ends where a word is missing';
  const lower = word.toLowerCase();
  if (ELSEWHERE.has(lower))
    return `"${word}" is nothing to filter by here: conversations of TCP are chosen by ${WORDS.slice(0, 7).join(', ')}, ip6 and vlan`;
  if (WIRESHARK.test(lower)) return `"${word}" is of Wireshark's display filters; here they are tcpdump's: host 10.0.0.1 and port 80`;
  return `"${word}" is not understood${suggestion(lower, WORDS)}`;
}

const WIRESHARK = /^(tcp|ip|ipv6|frame|eth)\.[a-z_.]+$/;

/** "; do you mean "host"?", where one of these words is near. */
export function suggestion(word: string, words: readonly string[]): string {
  const near = nearest(word.toLowerCase(), words);
  return near === undefined ? '' : `; do you mean "${near}"?`;
}

/** The word with the fewest slips of the pen between it and this one; undefined when there are too many. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const most = word.length < 4 ? 1 : 2;
  const ranked = words.map((known) => ({ known, slips: word.length > 20 ? most + 1 : distance(word, known) })).sort((a, b) => a.slips - b.slips);
  return ranked[0] !== undefined && ranked[0].slips <= most ? ranked[0].known : undefined;
}

/** Letters to add, to leave out, to replace or to swap with the next (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i++) {
    const row: number[] = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (isSame ? 0 : 1), isSwapped ? at(i - 2, j - 2) + 1 : Infinity));
    }
  }
  return at(a.length, b.length);
}
