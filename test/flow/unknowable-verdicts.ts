/** Mistaken verdicts that the packets of one capture do not allow to be right, by the reason. As the list of mistakes has them. */
export const UNKNOWABLE_VERDICTS: Readonly<Record<string, readonly string[]>> = {
  'Nothing acknowledges the first FIN, a reset answers the second: a peer that never got the first may have vanished as well.': [
    'closing/fin-reset-because-time-wait-buckets-full/server.pcap frame 40: resent-fin, but resent probe fin spurious',
  ],
  'The trace of the kernel has lost it; its counter TCPSynRetrans has not.': [
    'handshake/syn-challenged-because-time-wait-expects-higher-numbers/client.pcap frame 13: resent-syn, but ordinary',
  ],
};
