import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLog } from '../../src/facts/dmesg.js';
import { parseKernel } from '../../src/facts/kernel.js';
import { parseSockets } from '../../src/facts/ss.js';
import { parseSysctl } from '../../src/facts/sysctl.js';

describe('sysctl -a', () => {
  const text = `net.core.somaxconn = 128
net.ipv4.tcp_rmem = 4096\t131072\t33554432
net.ipv4.conf.eth0/1.rp_filter = 1
/proc/sys/net/ipv4/tcp_sack:1
sysctl: permission denied on key 'net.ipv4.tcp_fastopen_key'
net.ipv4.tcp_allowed_congestion_control =
`;

  test('is read setting by setting, and what is none is counted', () => {
    const { sysctls, unknown } = parseSysctl(text);
    expect(Object.fromEntries(sysctls)).toMatchObject({
      'net.core.somaxconn': '128',
      'net.ipv4.tcp_rmem': '4096 131072 33554432',
      'net.ipv4.tcp_sack': '1',
    });
    expect(unknown).toBe(2);
  });

  test('cut anywhere yields no value that is only a part of one', () => {
    const whole = parseSysctl(text).sysctls;
    fc.assert(
      fc.property(fc.nat(text.length), (end) => {
        for (const [name, value] of parseSysctl(text.slice(0, end)).sysctls) expect(value).toBe(whole.get(name));
      }),
    );
  });
});

describe('ss', () => {
  const text = `State    Recv-Q Send-Q    Local Address:Port     Peer Address:Port Process
LISTEN   4      3         10.17.0.2:5000   0.0.0.0:*     ino:536712 sk:1156 cgroup:/ <->
\t cubic cwnd:10 unacked:4
FIN-WAIT-1 0    85433     10.27.0.1:50678  10.27.0.2:5000 timer:(persist,452ms,1) ino:0 sk:116a
\t ts sack cubic wscale:0,10 pmtu:1400 advmss:1448 rwnd_limited:824ms(85.5%)
ESTAB    0      0      [::ffff:10.0.0.1]:22    [::ffff:10.0.0.9]:40000 users:(("sshd",pid=7,fd=3))
ESTAB    0      0      [fe80::1%eth0]:80       [fe80::2%eth0]:40000
`;

  test('is read with the details of each socket', () => {
    const { sockets, unknown } = parseSockets(text);
    expect(unknown).toBe(0);
    expect(sockets.map(({ state, receiveQueue, sendQueue, timer, isOrphan }) => [state, receiveQueue, sendQueue, timer, isOrphan])).toEqual([
      ['LISTEN', 4, 3, undefined, false],
      ['FIN-WAIT-1', 0, 85433, 'persist', true],
      ['ESTAB', 0, 0, undefined, undefined],
      ['ESTAB', 0, 0, undefined, undefined],
    ]);
    expect(sockets[1]?.details.get('rwnd_limited')).toBe('824ms(85.5%)');
  });

  test('names IPv4 sockets of an IPv6 listener by their IPv4 address, and link-local ones without the interface', () => {
    const { sockets } = parseSockets(text);
    expect(sockets.slice(2).map(({ local, peer }) => [local.host, peer.host])).toEqual([
      ['10.0.0.1', '10.0.0.9'],
      ['fe80::1', 'fe80::2'],
    ]);
  });

  test('is understood as netstat -tan writes it', () => {
    const netstat = `Active Internet connections (servers and established)
Proto Recv-Q Send-Q Local Address           Foreign Address         State
tcp        5      0 0.0.0.0:80              0.0.0.0:*               LISTEN
tcp        1      0 10.0.0.1:80             10.0.0.9:40000          CLOSE_WAIT
tcp6       0      0 fd00::1:80              fd00::2:40001           ESTABLISHED
`;
    const { sockets, unknown } = parseSockets(netstat);
    expect(unknown).toBe(0);
    expect(sockets.map(({ state, local, peer }) => [state, local.host, local.port, peer.host])).toEqual([
      ['LISTEN', '*', 80, '*'],
      ['CLOSE-WAIT', '10.0.0.1', 80, '10.0.0.9'],
      ['ESTAB', 'fd00::1', 80, 'fd00::2'],
    ]);
  });

  test('with ports by name is not understood: a name is not a number', () => {
    expect(parseSockets('ESTAB 0 0 10.0.0.1:ssh 10.0.0.9:40000\n')).toEqual({ sockets: [], unknown: 1 });
  });

  test('cut anywhere yields no socket that the whole listing does not have', () => {
    const whole = parseSockets(text).sockets.map(({ details: _, ...rest }) => rest);
    fc.assert(
      fc.property(fc.nat(text.length), (end) => {
        for (const [i, { details: _, ...rest }] of parseSockets(text.slice(0, end)).sockets.entries()) expect(rest).toEqual(whole[i]);
      }),
    );
  });
});

describe('the kernel log', () => {
  test.each([
    ['[  123.456789] TCP: too many orphaned sockets', { uptime: 123.456789, time: undefined }],
    ['<6>[  123.456789] TCP: too many orphaned sockets', { uptime: 123.456789, time: undefined }],
    ['2026-11-21T08:31:00,250000+00:00 TCP: too many orphaned sockets', { uptime: undefined, time: 1795249860.25 }],
    ['[Sat Nov 21 08:56:28 2026] TCP: too many orphaned sockets', { uptime: undefined, time: undefined }],
    ['Nov 21 08:56:28 web1 kernel: TCP: too many orphaned sockets', { uptime: undefined, time: undefined }],
  ])('is read from "%s"', (line, when) => {
    expect(parseLog(`${line}\n`)).toEqual({ lines: [{ message: 'TCP: too many orphaned sockets', ...when }], unknown: 0 });
  });

  test('counts lines of another form', () => {
    expect(parseLog('dmesg: read kernel buffer failed: Operation not permitted\n')).toEqual({ lines: [], unknown: 1 });
  });
});

describe('a kernel version', () => {
  test.each([
    ['5.15', '5.15', false],
    ['5.15.0-91-generic\n', '5.15.0', false],
    ['Linux version 4.4.34+ (gcc version 6.2.1 20161119)', '4.4.34', false],
    ['Linux 10.host 6.1.0-18-amd64 #1 SMP', '6.1.0', false],
    ['4.18.0-553.el8_10.x86_64', '4.18.0', true],
  ])('is read from "%s"', (text, version, isBackported) => {
    expect(parseKernel(text)).toMatchObject({ version, isBackported });
  });

  test('is not guessed', () => {
    expect(parseKernel('Darwin Kernel Version')).toBeUndefined();
    expect(parseKernel('new')).toBeUndefined();
  });
});

test('any text is read without an error', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const lines = text.split('\n').length;
      for (const { unknown } of [parseSysctl(text), parseSockets(text), parseLog(text)]) expect(unknown).toBeLessThanOrEqual(lines);
    }),
  );
});
