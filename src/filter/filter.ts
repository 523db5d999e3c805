import { parseMasked, parseNetwork } from './address.js';
import { type Direction, type Filter, inNetwork, inPorts, ofFamily, onVlan } from './primitives.js';
import { parseTcpFlags } from './tcp-flags.js';
import { Tokens } from './tokens.js';
import { suggestion, WORDS } from './words.js';

/** What a bare address or number is taken for: "port 80 or 443". */
interface Qualifiers {
  direction: Direction;
  kind: 'host' | 'net' | 'port' | 'portrange';
}

interface Link {
  isAnd: boolean;
  filter: Filter;
}

/** Deeper brackets than these are a mistake or an attack. */
const DEEPEST = 100;

/**
 * Parses a filter in the language of tcpdump (pcap-filter), as far as it is about TCP. As there, `and` and `or` bind alike, from left to
 * right. Throws FilterError.
 */
export function parseFilter(filter: string): Filter {
  const tokens = new Tokens(filter);
  const parsed = new Parser(tokens).expression(0);
  if (!tokens.isAtEnd) tokens.fail(tokens.word === ')' ? 'nothing was opened that this could close' : undefined);
  return parsed;
}

class Parser {
  private last: Qualifiers | undefined;

  constructor(private readonly tokens: Tokens) {}

  expression(depth: number): Filter {
    const { tokens } = this;
    const first = this.negation(depth);
    const rest: Link[] = [];
    for (let word = this.conjunction(); word !== undefined; word = this.conjunction()) {
      rest.push({ isAnd: word === 'and' || word === '&&', filter: this.negation(depth) });
    }
    const isNext = WORDS.includes(tokens.word) || isAddressOrNumber(tokens.word) || tokens.word === '(';
    if (!tokens.isAtEnd && tokens.word !== ')') tokens.fail(isNext ? '"and" or "or" is missing before this' : undefined);
    return rest.length === 0 ? first : chain(first, rest);
  }

  private conjunction(): string | undefined {
    return this.tokens.takeIf('and', '&&', 'or', '||');
  }

  private negation(depth: number): Filter {
    let isNegated = false;
    while (this.tokens.takeIf('not', '!') !== undefined) isNegated = !isNegated;
    const filter = this.primary(depth);
    return isNegated ? (segment) => !filter(segment) : filter;
  }

  private primary(depth: number): Filter {
    const { tokens } = this;
    if (tokens.word !== '(') return this.primitive();
    if (depth === DEEPEST) tokens.fail(`brackets deeper than ${DEEPEST}`);
    tokens.take();
    const inner = this.expression(depth + 1);
    tokens.expect(')');
    return inner;
  }

  private primitive(): Filter {
    const { tokens } = this;
    if (tokens.word === 'tcp' && tokens.isFollowedBy('[')) {
      tokens.take();
      return parseTcpFlags(tokens);
    }
    if (tokens.takeIf('vlan') !== undefined) return onVlan(/^\d{1,4}$/.test(tokens.word) ? Number(tokens.take().text) : -1);
    const protocol = tokens.takeIf('tcp', 'ip', 'ip6');
    const direction = this.direction();
    const kind = tokens.takeIf('host', 'net', 'portrange', 'port') as Qualifiers['kind'] | undefined;
    const family = protocol === 'ip' ? ofFamily(4) : protocol === 'ip6' ? ofFamily(6) : undefined;
    if (direction === undefined && kind === undefined && protocol !== undefined) return family ?? (() => true);
    if (direction === undefined && kind === undefined && !isAddressOrNumber(tokens.word)) tokens.fail();
    const filter = this.identified(direction, kind);
    return family === undefined ? filter : (segment) => family(segment) && filter(segment);
  }

  private direction(): Direction | undefined {
    const { tokens } = this;
    const first = tokens.takeIf('src', 'dst') as 'src' | 'dst' | undefined;
    const other = first === 'src' ? 'dst' : 'src';
    if (first === undefined || (tokens.word !== 'or' && tokens.word !== 'and') || !tokens.isFollowedBy(other)) return first;
    const joined = tokens.take().text.toLowerCase();
    tokens.take();
    return joined === 'or' ? 'either' : 'both';
  }

  private identified(direction: Direction | undefined, kind: Qualifiers['kind'] | undefined): Filter {
    const isBare = direction === undefined && kind === undefined;
    const asked = isBare ? (this.last ?? { direction: 'either', kind: 'host' }) : { direction: direction ?? 'either', kind: kind ?? 'host' };
    this.last = asked;
    return asked.kind === 'port' || asked.kind === 'portrange' ? this.ports(asked) : this.network(asked);
  }

  private network({ direction, kind }: Qualifiers): Filter {
    const { tokens } = this;
    const token = tokens.token;
    const { text } = token;
    if (text === '' || WORDS.includes(tokens.word))
      tokens.fail(text === '' ? `an address is missing after "${kind}"` : 'an address is missing before this');
    tokens.take();
    const mask = kind === 'net' && tokens.takeIf('mask') !== undefined ? tokens.take().text : undefined;
    const network =
      (mask === undefined ? parseNetwork(text) : parseMasked(text, mask)) ?? tokens.fail(`"${text}" is no IP address${whyNoAddress(text)}`, token);
    const isHost = !text.includes('/') && (network.family === 6 || text.split('.').length === 4);
    if (kind === 'host' && !isHost) tokens.fail(`"${text}" is a network: write "net ${text}"`, token);
    return inNetwork(network, direction);
  }

  private ports({ direction, kind }: Qualifiers): Filter {
    const { tokens } = this;
    const { text } = tokens.token;
    const [low = -1, high = low] = /^\d{1,5}(-\d{1,5})?$/.test(text) ? text.split('-').map(Number) : [];
    const isRange = text.includes('-');
    if (text === '') tokens.fail('a port number is missing at the end');
    if (low < 0 || high > 0xffff || low > high) tokens.fail(`"${text}" is no port number${/[a-z]/i.test(text) ? ': names are not looked up' : ''}`);
    if (isRange !== (kind === 'portrange'))
      tokens.fail(isRange ? `write "portrange ${text}"` : `a range of ports is needed, such as ${low}-${low + 9}`);
    tokens.take();
    return inPorts(low, high, direction);
  }
}

function whyNoAddress(text: string): string {
  const near = suggestion(text, ['host', 'net', 'port', 'portrange']);
  if (near !== '') return near;
  if (/^[0-9a-f.:]+\/\d+$/i.test(text)) return ', or none with so long a prefix';
  return /[g-z]/i.test(text) ? ': names are not looked up' : '';
}

/** A segment is asked of each in turn, and not of what can change nothing any more. */
function chain(first: Filter, rest: readonly Link[]): Filter {
  return (segment) => {
    let is = first(segment);
    for (let i = 0; i < rest.length; i++) {
      const { isAnd, filter } = rest[i] as Link;
      if (is === isAnd) is = filter(segment);
    }
    return is;
  };
}

function isAddressOrNumber(word: string): boolean {
  return /^[0-9a-f:.]+(\/\d+)?$|^\d+(-\d+)?$/.test(word) && /\d|::/.test(word);
}
