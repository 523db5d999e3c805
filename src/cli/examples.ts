/** Shown before everything else in the help: what people do most, within 80 columns. */
export const EXAMPLES = `Examples:
  tcpexplain capture.pcap               what happened to each conversation, why
  tcpdump -i any -w - tcp | tcpexplain -
                                        live; Ctrl-C, and the report follows
  tcpexplain -F html -o report.html capture.pcap
                                        a page with graphs, in one file
  tcpexplain -f 'port 443' --min-severity failure capture.pcap
                                        only what is broken, of some of them
  tcpexplain -F markdown capture.pcap   for a ticket
  tcpexplain -F markdown --anonymize consistent capture.pcap
                                        for a ticket that others read, too
  tcpexplain client.pcap server.pcap    what happened between two captures
  tcpexplain diff before.pcap after.pcap
                                        what a change has changed
  tcpexplain flags capture.pcap         Wireshark's flags, frame by frame, and
                                        what really happened
  tcpexplain netstat --at 30 capture.pcap
                                        what ss would have shown after 30 s
  tcpexplain facts > facts.sh           a script for the hosts: it saves what
                                        confirms a probable cause
  tcpexplain explain syn-unanswered-blackhole
                                        the manual page of a finding
`;
