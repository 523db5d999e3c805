import { bytesText, durationText } from '../../hosts/wording.js';
import { windowLimited } from '../../patterns/pace/window-limited.js';
import { zeroWindow } from '../../patterns/pace/zero-window.js';
import { type Case, type Cause, explain } from '../cause.js';

/** Shares of the data segments, and of the windows that the data fills, from which on the window decides about the throughput. */
const MUCH = 0.2;
const MOST = 0.5;
/** Less than so many windows say nothing about a round trip. */
const SEVERAL = 4;
/** So many times as long as it takes with one window a round trip. */
const SLOWER = 2.5;
/** The most that a window field can say without a scale. */
const MOST_UNSCALED = 65_535;

export const receiveBufferLimited: Cause = {
  id: 'receive-buffer-limited',
  title: "The receiver's buffer is too small for this path",
  where: 'the peer',
  mechanism: `A sender may have one window of data under way, so that the throughput cannot exceed window / round trip. The window is what is free
    in the receive buffer. tcp_rcv_space_adjust() enlarges that buffer as long as the application reads faster than it fills, up to the third value
    of net.ipv4.tcp_rmem, and about half of it is offered as window (since 6.6 what fits, measured for each socket). An application that sets
    SO_RCVBUF fixes the size for good (SOCK_RCVBUF_LOCK), and before connect() or listen() also the window scale.`,
  explains: [
    explain(windowLimited, ({ limited, dataSegments, window, unscaled }, given) => {
      const { part, peer, story, alsoShows } = given;
      const isUnscaled = unscaled && isScalingMissing(story.client.endpoint, story.server.endpoint);
      if (isUnscaled && window + (part.endpoint.pace?.largest ?? 0) > MOST_UNSCALED) return undefined; // it cannot say more, whatever the buffer
      const windows = part.endpoint.payload / Math.max(window, 1);
      const isMostly = limited >= dataSegments * MUCH || (windows > SEVERAL && limited >= windows * MOST);
      const because = [`after ${limited} of ${dataSegments} data segments the window of at most ${bytesText(window)} had no room for another one`];
      if (story.roundTrip > 0) {
        const rate = bytesText(Math.round(window / (story.roundTrip / 1e9)));
        because.push(`with a round trip of ${durationText(story.roundTrip)} that allows at most ${rate} a second`);
      }
      const { hasSyn, synWindow } = peer.endpoint;
      if (hasSyn && window <= synWindow)
        because.push(`it never exceeded the ${synWindow} bytes of the SYN, as with SO_RCVBUF: autotuning would have raised it`);
      const against = [];
      if (!isMostly) against.push('most of the time the sender did not meet the edge of the window');
      if (isUnscaled) against.push('windows are not scaled: 65,535 bytes is the most, whatever the buffer');
      const slowness = limited >= windows * MOST ? slowerThan(window, windows, given) : undefined;
      if (slowness !== undefined) against.push(slowness);
      const closed = alsoShows(zeroWindow);
      if (closed !== undefined) against.push(`the window also closed, for ${durationText(closed.closed)} in all: the application reads too slowly`);
      return { certainty: isMostly && closed === undefined && slowness === undefined ? 'certain' : 'likely', because, against };
    }),
  ],
  sysctls: ['net.ipv4.tcp_rmem', 'net.ipv4.tcp_moderate_rcvbuf', 'net.core.rmem_max', 'net.ipv4.tcp_adv_win_scale', 'net.ipv4.tcp_app_win'],
  counters: ['TcpExtTCPRcvCollapsed', 'TcpExtPruneCalled', 'TcpExtTCPWantZeroWindowAdv'],
  facts: [{ quotes: ['net.ipv4.tcp_rmem'] }, { at: 'this end', sockets: (sockets) => sockets.limitedBy('rwnd') }],
  confirm: [
    { run: "ss -tni 'dst RECEIVER'", expect: 'on the sender: rwnd_limited with a large percentage of busy, cwnd above what is in flight' },
    { run: "ss -tnmi 'sport = :PORT'", expect: 'on the receiver: rb in skmem constant, rcv_space not growing' },
    { run: 'strace -f -e trace=setsockopt -p PID', expect: 'SO_RCVBUF on a new socket: that is what switches autotuning off' },
    {
      run: 'sysctl net.ipv4.tcp_rmem net.ipv4.tcp_moderate_rcvbuf',
      expect: 'a third value below twice the bandwidth-delay product, or tcp_moderate_rcvbuf = 0',
    },
  ],
  remedy: [
    'Take SO_RCVBUF out of the receiving application, or out of its configuration (often called "receive buffer" or "socket buffer size").',
    'Raise the third value of net.ipv4.tcp_rmem to twice bandwidth times round trip or more; it holds for new connections.',
    'Where neither can be changed use several connections side by side, or move the receiver closer.',
  ],
  avoid: [
    'Raising net.core.rmem_default: TCP does not use it. net.core.rmem_max only caps what SO_RCVBUF may ask for.',
    'Raising the middle value of net.ipv4.tcp_rmem far: every connection starts with it, and net.ipv4.tcp_mem is for all of them.',
    'Tuning net.ipv4.tcp_adv_win_scale: it has no effect since 6.6.',
  ],
  mimics: [
    { cause: 'receiver-zero-window', tell: 'there the window shrinks to 0 because nobody reads; here it stays open and is small' },
    { cause: 'window-scaling-missing', tell: 'there the handshake agreed on no scale, and 65,535 bytes is the end' },
    { cause: 'bufferbloat', tell: 'there the window is not used up, and the round trips grow' },
    { cause: 'sender-buffer-limited', tell: 'there the sender stops although the window has room' },
  ],
  sources: [
    'RFC 9293 section 3.8.6',
    'RFC 7323 section 1.1',
    'net/ipv4/tcp_input.c: tcp_rcv_space_adjust, tcp_init_buffer_space',
    'net/ipv4/tcp_output.c: tcp_select_initial_window, tcp_snd_wnd_test',
    'Documentation/networking/ip-sysctl.rst: tcp_rmem',
  ],
  capture: 'transfer/limited-by-fixed-receive-buffer',
};

/** Offering a scale of 0 is scaling as well: then it is the buffer that is small. */
function isScalingMissing(client: { windowScale: number; hasOffer: boolean }, server: { windowScale: number; hasOffer: boolean }): boolean {
  return [client, server].some(({ windowScale, hasOffer }) => hasOffer && windowScale < 0);
}

/** A window that the application empties as fast as it fills is worth one window a round trip. */
function slowerThan(window: number, windows: number, { part, story }: Case): string | undefined {
  const { payload, firstTime, lastDataTime } = part.endpoint;
  const span = lastDataTime - firstTime - story.roundTrip;
  if (windows <= SEVERAL * 2 || story.roundTrip === 0 || span < windows * story.roundTrip * SLOWER) return undefined;
  const rate = bytesText(Math.round(payload / (span / 1e9)));
  return `it came to ${rate} a second, far less than ${bytesText(window)} in each round trip, as when the application reads more slowly`;
}
