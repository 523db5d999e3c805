import { bytesText } from '../../hosts/wording.js';
import { optionsWithheld } from '../../patterns/connecting/options-withheld.js';
import { senderIdle } from '../../patterns/pace/sender-idle.js';
import { windowLimited } from '../../patterns/pace/window-limited.js';
import type { Part } from '../../patterns/story.js';
import { type Cause, explain } from '../cause.js';

/** The most that a window field can say without a scale. */
const MOST_UNSCALED = 65_535;
/** A receiver with room for a segment does not offer less. */
const SEGMENT = 1_400;

export const windowScalingMissing: Cause = {
  id: 'window-scaling-missing',
  title: 'Windows are not scaled, or one end does not know that they are',
  where: 'the path',
  mechanism: `The window field has 16 bits. Beyond 65,535 bytes both SYNs must carry the window scale option (RFC 7323); tcp_parse_options() takes
    it from them, and without it in either one nobody may scale. Three things leave it out of a SYN-ACK: net.ipv4.tcp_window_scaling = 0, a SYN
    cookie for a client without timestamps, and a middlebox that strips options. The last one is the worst: the server has sent its scale and goes
    on dividing its windows by it in tcp_select_window(), the client takes the field as it stands, sees windows of some dozen bytes, and sends
    segments of that size, each after a timer of several hundred milliseconds, since tcp_write_xmit() waits for room for a whole segment until
    the probe timer fires and tcp_write_wakeup() sends what fits.`,
  explains: [
    explain(optionsWithheld, ({ missing, onlyMss, clientOfferedTimestamps, largestWindow }, { story }) => {
      if (!missing.includes('window scaling')) return undefined;
      const { synWindow } = story.server.endpoint;
      const isChoked = dividesUnasked(story.server);
      const because = ['the SYN offers window scaling, the SYN-ACK does not: no more than 65,535 bytes can be under way'];
      if (!onlyMss) because.push('the SYN-ACK takes up other options: SYN cookies drop all of them or none');
      if (isChoked)
        because.push(`the SYN-ACK said ${synWindow} bytes, later windows at most ${largestWindow}: the server still divides by its scale`);
      const against = [];
      const isLikeCookie = onlyMss && !clientOfferedTimestamps;
      if (isLikeCookie) against.push('everything but the MSS is missing and the client sent no timestamps: SYN cookies answer so');
      const sent = story.client.endpoint.payload + story.server.endpoint.payload;
      if (!isChoked && sent < MOST_UNSCALED) against.push(`only ${bytesText(sent)} were sent: the limit was not met`);
      return { certainty: against.length === 0 ? 'certain' : isLikeCookie && !isChoked ? 'possible' : 'likely', because, against };
    }),
    explain(windowLimited, ({ window, unscaled }, { peer, story }) => {
      const without = story.parts.find(({ endpoint }) => endpoint.hasOffer && endpoint.windowScale < 0);
      if (!unscaled || without === undefined) return undefined;
      const syn = without.role === 'server' ? 'SYN-ACK' : 'SYN';
      const because = [`the ${without.role}'s ${syn} has no window scale option: both ends must do without`];
      if (dividesUnasked(peer)) {
        because.push(`windows of at most ${window} bytes, less than a segment: the receiver divides by a scale that the sender does not know`);
      } else if (window > MOST_UNSCALED / 2) because.push(`the sender used up windows of ${bytesText(window)}, of 65,535 bytes at most`);
      else return { certainty: 'possible', because, against: [`the window is at most ${bytesText(window)}: the buffer is smaller than the limit`] };
      return { certainty: 'certain', because };
    }),
    explain(senderIdle, ({ window }, { part, peer, story }) => {
      const { scaleInUse } = peer.endpoint;
      const isStripped = dividesUnasked(peer) && story.parts.some(({ endpoint }) => endpoint.hasOffer && endpoint.windowScale < 0);
      if (isStripped)
        return { certainty: 'certain', because: [`there is no window scale, and windows of at most ${window} bytes follow a large SYN-ACK`] };
      const field = unscaledWindowObeyed(part, peer);
      if (field === undefined) return undefined;
      const because = [
        `after each pause it sent at most ${field} bytes, which is what the window field says without its scale of ${scaleInUse}`,
        `the receiver means ${bytesText(window)} by it`,
      ];
      return { certainty: 'likely', because };
    }),
  ],
  sysctls: ['net.ipv4.tcp_window_scaling', 'net.ipv4.tcp_syncookies', 'net.ipv4.tcp_workaround_signed_windows'],
  confirm: [
    {
      run: "tcpdump -nvi IF 'tcp[tcpflags] & tcp-syn != 0 and port PORT'",
      expect: 'at both ends: wscale in the SYN-ACK where it is sent, none where it arrives: a box strips it',
    },
    { run: "ss -tni 'dst PEER'", expect: 'wscale:0,0, or none, on one end and wscale:7,7 or 10,10 on the other' },
    { run: 'sysctl net.ipv4.tcp_window_scaling', expect: '= 0 on the end whose SYN or SYN-ACK leaves without it' },
    { run: 'nstat -az TcpExtSyncookiesSent; sleep 10; nstat -z TcpExtSyncookiesSent', expect: 'rises on the server: then it is SYN cookies' },
  ],
  remedy: [
    'Make the middlebox leave TCP options alone: firewalls call it TCP normalisation, option stripping or "clear window-scale".',
    'Set net.ipv4.tcp_window_scaling = 1 on both ends; it holds for new connections.',
    'Where the box cannot be changed set net.ipv4.tcp_window_scaling = 0 on the server: then both ends agree, at 64 KB.',
  ],
  avoid: [
    'Enlarging net.ipv4.tcp_rmem: 16 bits cannot say it, and a larger scale makes what the client misreads even smaller.',
    'Switching timestamps off: then SYN cookies lose the scale as well.',
  ],
  mimics: [
    {
      cause: 'syncookies-in-use',
      tell: 'there SACK is missing as well, the client sent no timestamps, and other SYN-ACKs of that server are complete',
    },
    { cause: 'receive-buffer-limited', tell: 'there both SYNs have the option and the windows are small all the same' },
    { cause: 'application-limited-sender', tell: 'there the bursts have any size; here each is as large as the window field says unscaled' },
    { cause: 'capture-midstream', tell: 'there the handshake is not in the capture, and windows only look small' },
  ],
  sources: [
    'RFC 7323 section 2',
    'net/ipv4/tcp_input.c: tcp_parse_options',
    'net/ipv4/tcp_output.c: tcp_select_window, tcp_select_initial_window',
    'Documentation/networking/ip-sysctl.rst: tcp_window_scaling',
  ],
  capture: 'path/window-scale-stripped-by-middlebox',
};

/** The window of a SYN is never scaled: when the later ones are many times smaller than a segment, they are. */
function dividesUnasked({ endpoint }: Part): boolean {
  const { hasSyn, synWindow, largestWindow } = endpoint;
  return hasSyn && largestWindow > 0 && largestWindow < SEGMENT && synWindow > largestWindow * 8;
}

/** The largest window field of the receiver, when the sender goes by it as it stands although both SYNs were seen with a scale. */
export function unscaledWindowObeyed(sender: Part, receiver: Part): number | undefined {
  const { scaleInUse, largestWindow } = receiver.endpoint;
  const bursts = sender.endpoint.pace?.restarts.map(({ after }) => after) ?? [];
  if (scaleInUse <= 0 || bursts.length === 0) return undefined;
  const field = largestWindow / 2 ** scaleInUse;
  const isObeyed =
    field < SEGMENT && bursts.every((bytes) => bytes <= field) && bursts.filter((bytes) => bytes > field * 0.9).length > bursts.length / 2;
  return isObeyed ? field : undefined;
}
