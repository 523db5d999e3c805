/** Shown before everything else in the help. */
export const EXAMPLES = `Examples:
  tcpexplain capture.pcap                      what each TCP conversation lived through, and why
  tcpdump -i any -w - tcp | tcpexplain -       live; Ctrl-C ends tcpdump, and the report follows
  tcpexplain -f 'port 443' --min-severity failure capture.pcap
                                               only what is broken of some conversations
  tcpexplain -F markdown capture.pcap          for a ticket
  tcpexplain -F markdown --anonymize consistent capture.pcap
                                               for a ticket that others read, too
  tcpexplain diff before.pcap after.pcap       what a change has changed
  tcpexplain flags capture.pcap                Wireshark's flags, and what really happened, frame by frame
  tcpexplain netstat --at 30 capture.pcap      what ss would have shown after 30 s, and when the kernel gives up
  tcpexplain facts > facts.sh                  a script for the hosts: what it saves turns a probable cause into a confirmed one
  tcpexplain explain syn-unanswered-blackhole  the manual page of a finding
`;
