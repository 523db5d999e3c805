import Table from 'cli-table3';
import { dateText } from '../../capture/time.js';
import { countText, durationText } from '../../hosts/wording.js';
import type { Netstat } from '../netstat.js';
import type { Census } from './population.js';
import { DEFAULT_RANGE, type PortUse, portsIn } from './ports.js';
import { type HostTable, type SocketRow, sizeOf } from './table.js';

/** A table with more rows than this is not read by people; the rest is counted. */
const MOST_ROWS = 200;
const TITLES = ['State', 'Send-Q', 'Local Address:Port', 'Peer Address:Port', 'Timer'];

/** As `ss -tano` would have shown it, host by host, with the count by state. */
export function* netstatText({ at, seconds, length, hosts, ports }: Netstat, width: number): Generator<string, void, void> {
  if (at === '' && length === 0 && hosts.length === 0) {
    yield 'No packets: nothing is known of any socket.';
    return;
  }
  const place =
    seconds < 0
      ? 'before the capture began'
      : seconds === length
        ? 'the end of the capture'
        : `${seconds.toFixed(3)} s after the start of the capture`;
  const date = at === '' ? '' : `${dateText(Number(at))}, `; // nobody is to know it of an anonymous capture
  yield* fold(`${date}${place}, which lasts ${length.toFixed(3)} s`, width);
  if (hosts.every((table) => sizeOf(table) === 0)) yield 'No sockets, as far as the capture shows.';
  let room = MOST_ROWS;
  for (const table of hosts.filter((one) => sizeOf(one) > 0)) {
    yield* hostText(table, seconds > 10, width, room);
    room = Math.max(0, room - sizeOf(table));
  }
  if (ports.length > 0) yield '';
  for (const use of ports) yield* fold(portText(use, seconds), width);
}

/** Tab-separated: a line for each moment and host, a column for each state that occurs. */
export function* censusText(all: Iterable<Census>): Generator<string, void, void> {
  const rows = [...all];
  const states = STATES.filter((state) => rows.some(({ counts }) => state in counts));
  yield ['seconds', 'host', ...states].join('\t');
  for (const { seconds, host, counts } of rows) yield [seconds, host, ...states.map((state) => counts[state] ?? 0)].join('\t');
}

const STATES = ['SYN_SENT', 'SYN_RECV', 'ESTABLISHED', 'FIN_WAIT1', 'FIN_WAIT2', 'CLOSE_WAIT', 'CLOSING', 'LAST_ACK', 'TIME_WAIT'];

function* hostText(all: HostTable, isOld: boolean, width: number, room: number): Generator<string, void, void> {
  const { host, counts } = all;
  const size = sizeOf(all);
  yield '';
  const growth = (more: number): string => (more === 0 || !isOld ? '' : ` (${more > 0 ? '+' : ''}${more} in 10 s)`);
  const told = counts.filter(({ count, more }) => count > 0 || growth(more) !== '');
  const byState = told.map(({ state, count, more }) => `${state} ${count}${growth(more)}`);
  yield* fold(`${host}: ${countText(size, 'socket')}${byState.length > 0 ? `: ${byState.join(', ')}` : ''}`, width);
  const shown = room > 0 ? all.rows.slice(0, room) : [];
  if (shown.length > 0) yield* table(shown, width);
  if (shown.length < size) yield `  and ${size - shown.length} more; all of them with -F json`;
}

function* table(rows: readonly SocketRow[], width: number): Generator<string, void, void> {
  const drawn = new Table({ head: TITLES, colAligns: ['left', 'right', 'left', 'left', 'left'], style: PLAIN, chars: WITHOUT_RULES });
  for (const { state, basis, sendQueue, local, peer, timer } of rows)
    drawn.push([basis === 'seen' ? state : `${state} (${basis})`, sendQueue, local, peer, timer]);
  const [head = '', ...lines] = drawn.toString().split('\n');
  yield head.trimEnd();
  for (const [i, line] of lines.entries()) {
    const { state = '', outlook: whatComes = '' } = rows[i] ?? {};
    const outlook = state === 'TIME-WAIT' ? '' : whatComes; // its timer says it
    const whole = `${line}  ${outlook}`.trimEnd();
    if (whole.length <= width || outlook === '') yield whole;
    else yield* [line.trimEnd(), `  ${outlook}`];
  }
}

/** It would colour off a terminal otherwise. */
const PLAIN = { head: [], border: [], 'padding-left': 0, 'padding-right': 0 };
const RULES = 'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid'.split(' ');
const WITHOUT_RULES = { ...Object.fromEntries(RULES.map((rule) => [rule, ''])), middle: '  ' };

/** `now`: seconds after the start of the capture. */
function portText({ client, server, ports, inTimeWait, range, rate, exhaustedIn }: PortUse, now: number): string {
  const of = range === null ? `${ports} local ports` : `${ports} of ${portsIn(range)} local ports (ip_local_port_range ${range.first} ${range.last})`;
  const share = `${client} has ${of} in use towards ${server}, ${inTimeWait} of them in TIME_WAIT`;
  const pace = rate > 0 ? `; ${rate < 10 ? rate.toFixed(1) : Math.round(rate)} new ones a second` : '';
  if (range === null)
    return `${share}${pace}; some lie outside of ip_local_port_range ${DEFAULT_RANGE.first} ${DEFAULT_RANGE.last}, the default: --sysctl tells how many there are`;
  const end =
    exhaustedIn === null
      ? rate > 0
        ? ': they do not run out at this rate'
        : ''
      : exhaustedIn === 0
        ? ': none is left'
        : `: none is left in ${durationText(exhaustedIn * 1e9)}, at +${Math.round(now + exhaustedIn)} s, if it goes on like this`;
  return share + pace + end;
}

/** Lines of at most `width` characters, broken at spaces; the later ones are indented. */
function* fold(text: string, width: number): Generator<string, void, void> {
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      yield line;
      line = `  ${word}`;
    } else line += (line === '' ? '' : ' ') + word;
  }
  yield line;
}
