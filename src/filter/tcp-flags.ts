import { ACK, CWR, ECE, FIN, PSH, RST, SYN, URG } from '../decode/flags.js';
import type { Filter } from './primitives.js';
import type { Tokens } from './tokens.js';

const NAMES: Readonly<Record<string, number>> = {
  'tcp-fin': FIN,
  'tcp-syn': SYN,
  'tcp-rst': RST,
  'tcp-push': PSH,
  'tcp-ack': ACK,
  'tcp-urg': URG,
  'tcp-ece': ECE,
  'tcp-cwr': CWR,
};

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '==': (a, b) => a === b,
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
};

/** What stands behind `tcp`: "[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn", or the same with the number of that byte, 13. */
export function parseTcpFlags(tokens: Tokens): Filter {
  tokens.expect('[');
  if (tokens.takeIf('tcpflags', '13') === undefined) tokens.fail('of the TCP header only the flags can be asked for: tcp[tcpflags]');
  tokens.expect(']');
  const mask = tokens.takeIf('&') === undefined ? 0xff : parseSum(tokens);
  const operator = tokens.takeIf(...Object.keys(COMPARISONS));
  const compare = COMPARISONS[operator ?? ''] ?? tokens.fail('a comparison is missing here: != 0 or == tcp-syn');
  const wanted = parseSum(tokens);
  return ({ flags }) => compare(flags & mask, wanted);
}

/** One value, or several joined by | or +, in brackets or without. */
function parseSum(tokens: Tokens): number {
  const isBracketed = tokens.takeIf('(') !== undefined;
  let sum = parseValue(tokens);
  while (tokens.takeIf('|', '+') !== undefined) sum |= parseValue(tokens);
  if (isBracketed) tokens.expect(')');
  return sum;
}

function parseValue(tokens: Tokens): number {
  const { word } = tokens;
  const value = NAMES[word] ?? (/^(0x[0-9a-f]{1,4}|\d{1,5})$/.test(word) ? Number(word) : undefined);
  if (value === undefined) tokens.fail(`a number or one of ${Object.keys(NAMES).join(', ')} is needed`);
  tokens.take();
  return value;
}
