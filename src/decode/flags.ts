// Control bits of the TCP header, RFC 9293 section 3.1; AE is RFC 9768.
export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const PSH = 0x08;
export const ACK = 0x10;
export const URG = 0x20;
export const ECE = 0x40;
export const CWR = 0x80;
export const AE = 0x100;

const LETTERS = [
  [SYN, 'S'],
  [FIN, 'F'],
  [RST, 'R'],
  [PSH, 'P'],
  [URG, 'U'],
  [AE, 'e'],
  [CWR, 'W'],
  [ECE, 'E'],
  [ACK, '.'],
] as const;

/** As tcpdump prints them: "S", "S.", "P.", "R"; "none" without any. */
export function flagLetters(flags: number): string {
  let letters = '';
  for (const [bit, letter] of LETTERS) if (flags & bit) letters += letter;
  return letters || 'none';
}
