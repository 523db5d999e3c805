import type { Sysctl } from './sysctl.js';

/** What lists of TCP settings carry along although it has nothing to do with TCP. */
export const elsewhere: readonly Sysctl[] = [
  {
    name: 'net.ipv4.icmp_echo_ignore_broadcasts',
    meaning: 'Do not answer pings to broadcast addresses.',
    unit: '0 or 1',
    defaults: [{ value: '1' }],
    scope: 'namespace',
    side: 'receiver',
    symptom: 'None with TCP.',
    truth: 'It is the default already.',
    causes: [],
  },
  {
    name: 'net.ipv4.icmp_ignore_bogus_error_responses',
    meaning: 'Do not log ICMP errors that answer broadcasts.',
    unit: '0 or 1',
    defaults: [{ value: '1' }],
    scope: 'namespace',
    side: 'receiver',
    symptom: 'None with TCP.',
    truth: 'It is the default already.',
    causes: [],
  },
  {
    name: 'kernel.randomize_va_space',
    meaning: 'Randomise the addresses of processes: 2 all of them, 1 without the heap, 0 none.',
    unit: '0, 1 or 2',
    defaults: [{ value: '2' }],
    scope: 'global',
    side: 'either',
    symptom: 'None.',
    truth: 'The 1 of hardening guides is weaker than the default.',
    causes: [],
  },
  {
    name: 'kernel.exec-shield',
    meaning: `Protection against executing data, a patch of old Red Hat kernels. It was never in the kernel of kernel.org; the NX bit does it
      everywhere now.`,
    unit: '0 or 1',
    defaults: [{ value: 'absent' }],
    scope: 'global',
    side: 'either',
    symptom: 'None.',
    truth: 'It does not exist outside old Red Hat kernels: sysctl -p reports an error for it.',
    causes: [],
  },
];
