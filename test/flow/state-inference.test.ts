import { describe, expect, test } from 'vitest';
import { listStates } from '../../src/listings/states.js';
import { captureOf } from '../bytes.js';
import { capture } from '../transcript.js';

/** What each side of each stream went through: "1 client: SYN_SENT 0.000, ESTABLISHED 0.010, CLOSED 60.1 timer". Seconds after the first packet. */
async function statesIn(transcript: string): Promise<string[]> {
  const lines = new Map<string, string[]>();
  const { file } = capture(transcript);
  const start = Number(/[\d.]+/.exec(transcript)?.[0]);
  for (const { time, stream, side, to, basis } of await listStates(captureOf(file))) {
    const key = `${stream} ${side}`;
    const seconds = ((Number(time) - start + 5e5) % 1e6) - 5e5; // some begin before the first packet
    lines.set(key, [...(lines.get(key) ?? []), `${to} ${seconds.toFixed(2)}${basis === 'seen' ? '' : ` ${basis}`}`]);
  }
  return [...lines].map(([key, states]) => `${key}: ${states.join(', ')}`).toSorted();
}

const HANDSHAKE = `
  0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
  0.010 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
  0.010 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 110 ecr 900>`;

describe('opening', () => {
  test('the client is ESTABLISHED while the server is still in SYN_RECV', async () => {
    const [client, server] = await statesIn(HANDSHAKE);
    expect(client).toBe('0 client: SYN_SENT 0.00, ESTABLISHED 0.01');
    expect(server).toBe('0 server: SYN_RECV 0.01, ESTABLISHED 0.02'); // half a round trip later, by the client's clock
  });

  test('a handshake that was not captured leaves ESTABLISHED, inferred; a side that is never heard stays unknown', async () => {
    expect(
      await statesIn(`
        0.000 > P. 1001:1101(100) ack 5001 win 502
        0.100 > P. 1101:1201(100) ack 5001 win 502
      `),
    ).toEqual(['0 client: ESTABLISHED 0.00 inferred']);
  });

  test('two SYNs that cross open one connection from both ends', async () => {
    expect(
      await statesIn(`
        0.000 > S  1000:1000(0)          win 64240 <mss 1460>
        0.001 < S  5000:5000(0)          win 64240 <mss 1460>
        0.002 > S. 1000:1000(0) ack 5001 win 64240 <mss 1460>
        0.003 < S. 5000:5000(0) ack 1001 win 64240 <mss 1460>
        0.010 > .  1001:1001(0) ack 5001 win 502
      `),
    ).toEqual(['0 client: SYN_SENT 0.00, SYN_RECV 0.00, ESTABLISHED 0.00', '0 server: SYN_SENT 0.00, SYN_RECV 0.00, ESTABLISHED 0.01']);
  });

  test('a client gives up after the schedule of its kernel', async () => {
    const syns = [0, 1, 3, 7, 15, 31, 63].map((time) => `${time.toFixed(3)} > S 1000:1000(0) win 64240 <mss 1460>`);
    expect(await statesIn(syns.join('\n'))).toEqual(['0 client: SYN_SENT 0.00, CLOSED 127.00 timer']);
  });

  test('a request whose SYN-ACKs nobody acknowledges is forgotten', async () => {
    const synAcks = [0, 1, 3, 7, 15, 31].map((time) => `${(time + 0.001).toFixed(3)} < S. 5000:5000(0) ack 1001 win 65160 <mss 1460>`);
    const [, server] = await statesIn(['0.000 > S 1000:1000(0) win 64240 <mss 1460>', ...synAcks].join('\n'));
    expect(server).toBe('0 server: SYN_RECV 0.00, CLOSED 63.00 timer');
  });

  test('an ACK that its server ignores leaves it in SYN_RECV', async () => {
    const [, server] = await statesIn(`${HANDSHAKE}
      1.015 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 1905 ecr 100,nop,wscale 7>
      1.016 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 1116 ecr 1905>`);
    expect(server).toBe('0 server: SYN_RECV 0.01, ESTABLISHED 1.02');
  });

  const REFUSING = `${HANDSHAKE}
    0.200 > P. 1001:1006(5)    ack 5001 win 502   <nop,nop,TS val 300 ecr 900>
    1.015 < S. 5000:5000(0)    ack 1001 win 65160 <mss 1460,sackOK,TS val 1905 ecr 100,nop,wscale 7>
    1.016 > .  1006:1006(0)    ack 5001 win 502   <nop,nop,TS val 1116 ecr 900>
    3.015 < S. 5000:5000(0)    ack 1001 win 65160 <mss 1460,sackOK,TS val 3905 ecr 100,nop,wscale 7>
    3.016 > .  1006:1006(0)    ack 5001 win 502   <nop,nop,TS val 3116 ecr 900>
    3.400 > P. 1001:1006(5)    ack 5001 win 502   <nop,nop,TS val 3500 ecr 900>`;

  test('a server with a full accept queue, that leaves the data unanswered too, has refused the last ACK as well', async () => {
    const [, server] = await statesIn(`${REFUSING}
      5.000 > P. 1001:1006(5)    ack 5001 win 502   <nop,nop,TS val 5100 ecr 900>
      5.010 < .  5001:5001(0)    ack 1006 win 509   <nop,nop,TS val 5900 ecr 5100>`);
    expect(server).toBe('0 server: SYN_RECV 0.01, ESTABLISHED 5.01'); // half a round trip after the data was sent
  });

  test('a server that has refused more than one ACK, and sends nothing after the last one, is not taken to have accepted it', async () => {
    const ignored = `${HANDSHAKE}
      1.020 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 1910 ecr 100,nop,wscale 7>
      1.020 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 1120 ecr 1910>
      3.040 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 3930 ecr 100,nop,wscale 7>
      3.040 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 3140 ecr 3930>`;
    expect((await statesIn(ignored))[1]).toBe('0 server: SYN_RECV 0.01');
    const taken = `${ignored}
      5.000 < P. 5001:5004(3) ack 1001 win 509   <nop,nop,TS val 5890 ecr 3140>`;
    expect((await statesIn(taken))[1]).toBe('0 server: SYN_RECV 0.01, ESTABLISHED 3.05');
  });

  test('a server that got data twice and said nothing had not accepted the ACK before it, though it did not repeat its SYN-ACK', async () => {
    const [, server] = await statesIn(`
      0.00000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
      0.00002 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
      0.04000 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 140 ecr 900>
      0.05000 > P. 1001:1006(5) ack 5001 win 502   <nop,nop,TS val 150 ecr 900>
      0.30000 > P. 1001:1006(5) ack 5001 win 502   <nop,nop,TS val 400 ecr 900>
      0.70000 > P. 1001:1006(5) ack 5001 win 502   <nop,nop,TS val 800 ecr 900>
      1.50000 > P. 1001:1006(5) ack 5001 win 502   <nop,nop,TS val 1600 ecr 900>
      1.50002 < .  5001:5001(0) ack 1006 win 509   <nop,nop,TS val 2400 ecr 1600>`);
    expect(server).toBe('0 server: SYN_RECV 0.00, ESTABLISHED 1.50');
  });

  test('a server that acknowledges the data has accepted the ACK before it', async () => {
    const [, server] = await statesIn(`${REFUSING}
      3.410 < .  5001:5001(0)    ack 1006 win 509   <nop,nop,TS val 4300 ecr 3500>`);
    expect(server).toMatch(/^0 server: SYN_RECV 0.01, ESTABLISHED 3.02/);
  });

  test('a client that resets the SYN-ACK to its SYN had given up before, somewhen before the SYN was due again', async () => {
    expect(
      await statesIn(`
        0.000 > S  1000:1000(0)          win 64240 <mss 1460>
        0.600 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460>
        0.600 > R  1001:1001(0)          win 0
      `),
    ).toEqual(['0 client: SYN_SENT 0.00, CLOSED 0.30 inferred', '0 server: SYN_RECV 0.30, CLOSED 0.90']);
  });

  test('a client far away sent its SYN before it came here', async () => {
    const [client] = await statesIn(`
      0.000 > S  1000:1000(0)          win 64240 <mss 1460>
      0.000 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460>
      0.800 > .  1001:1001(0) ack 5001 win 502
    `);
    expect(client).toBe('0 client: SYN_SENT -0.40, ESTABLISHED 0.40');
  });

  test('what comes minutes after a SYN-ACK that was not repeated tells nothing of the way: an ACK before it was lost', async () => {
    const [client] = await statesIn(`
      0.000 > S  1000:1000(0)            win 64240 <mss 1460>
      0.000 < S. 5000:5000(0)   ack 1001 win 65160 <mss 1460>
      151.0 > P. 1001:1008(7)   ack 5001 win 502
      151.0 < R  5001:5001(0)            win 0
    `);
    expect(client).toMatch(/^0 client: SYN_SENT 0.00, ESTABLISHED .*CLOSED 151.00/);
  });
});

describe('closing', () => {
  test('one end after the other, with TIME_WAIT for 60 s, which a late FIN starts anew', async () => {
    const [client, server] = await statesIn(`${HANDSHAKE}
      0.100 > F. 1001:1001(0) ack 5001 win 502 <nop,nop,TS val 200 ecr 900>
      0.110 < F. 5001:5001(0) ack 1002 win 509 <nop,nop,TS val 1000 ecr 200>
      0.110 > .  1002:1002(0) ack 5002 win 502 <nop,nop,TS val 210 ecr 1000>
      0.330 < F. 5001:5001(0) ack 1002 win 509 <nop,nop,TS val 1220 ecr 200>
      0.330 > .  1002:1002(0) ack 5002 win 502 <nop,nop,TS val 210 ecr 1000>
      70.000 1> S 1:1(0) win 64240 <mss 1460>`);
    expect(client).toBe('0 client: SYN_SENT 0.00, ESTABLISHED 0.01, FIN_WAIT1 0.10, FIN_WAIT2 0.11, TIME_WAIT 0.11, CLOSED 60.33 timer');
    expect(server).toMatch(/CLOSE_WAIT 0.1\d, LAST_ACK 0.1\d, CLOSED 0.3\d$/);
  });

  test('both at once', async () => {
    const [client, server] = await statesIn(`${HANDSHAKE}
      0.100 > F. 1001:1001(0) ack 5001 win 502
      0.101 < F. 5001:5001(0) ack 1001 win 509
      0.101 > .  1002:1002(0) ack 5002 win 502
      0.111 < .  5002:5002(0) ack 1002 win 509`);
    expect(client).toMatch(/FIN_WAIT1 0.10, CLOSING 0.10, TIME_WAIT 0.11$/);
    expect(server).toMatch(/FIN_WAIT1 0.\d\d, CLOSING 0.\d\d, TIME_WAIT 0.\d\d$/);
  });

  test('a half-closed connection that still gets data outlives tcp_fin_timeout', async () => {
    const closed = `${HANDSHAKE}
      0.100 > F. 1001:1001(0) ack 5001 win 502
      0.110 < .  5001:5001(0) ack 1002 win 509`;
    const later = '90.000 1> S 1:1(0) win 64240 <mss 1460>';
    const [orphan] = await statesIn(`${closed}\n${later}`);
    expect(orphan).toMatch(/FIN_WAIT2 0.11, CLOSED 60.11 timer$/);
    const [half] = await statesIn(`${closed}
      1.000 < P. 5001:5101(100) ack 1002 win 509
      1.001 > .  1002:1002(0)   ack 5101 win 502
      ${later}`);
    expect(half).toMatch(/FIN_WAIT2 0.11$/);
  });

  test('an orphan whose FIN nobody acknowledges is given up once its next repetition is overdue', async () => {
    const fins = [0.1, 0.31, 0.52, 0.94, 1.78].map((time) => `${time.toFixed(3)} > F. 1001:1001(0) ack 5001 win 502`);
    const [client] = await statesIn([HANDSHAKE, ...fins, '9.000 1> S 1:1(0) win 64240 <mss 1460>'].join('\n'));
    expect(client).toMatch(/FIN_WAIT1 0.10, CLOSED 3.46 timer$/);
  });

  test('the FIN of an end that is never heard shows in what acknowledges it', async () => {
    expect(
      await statesIn(`
        0.000 > S  1000:1000(0)            win 64240 <mss 1460>
        0.010 > .  1001:1001(0)   ack 5001 win 502
        0.011 > P. 1001:1101(100) ack 5001 win 502
        0.030 > F. 1101:1101(0)   ack 5201 win 502
        0.140 > .  1102:1102(0)   ack 5202 win 502
      `),
    ).toEqual([
      '0 client: SYN_SENT 0.00, ESTABLISHED 0.01, FIN_WAIT1 0.03, FIN_WAIT2 0.14 inferred, TIME_WAIT 0.14 inferred',
      '0 server: SYN_RECV 0.01 inferred, ESTABLISHED 0.02 inferred, CLOSE_WAIT 0.03 inferred, LAST_ACK 0.14 inferred, CLOSED 0.14 inferred',
    ]);
  });

  test('what a peer that is never heard sends after this end has closed can also be data: then neither end is done', async () => {
    expect(
      await statesIn(`
        0.000 > S  1000:1000(0)            win 64240 <mss 1460>
        0.010 > .  1001:1001(0)   ack 5001 win 502
        0.030 > F. 1001:1001(0)   ack 5001 win 502
        0.140 > .  1002:1002(0)   ack 5002 win 502
        0.240 > .  1002:1002(0)   ack 5102 win 502
      `),
    ).toEqual(['0 client: SYN_SENT 0.00, ESTABLISHED 0.01, FIN_WAIT1 0.03', '0 server: SYN_RECV 0.01 inferred, ESTABLISHED 0.02 inferred']);
  });

  test('the echo of the first FIN proves that it arrived, although only a repetition was answered', async () => {
    const [client] = await statesIn(`
      0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
      0.000 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
      0.010 > .  1001:1001(0) ack 5001 win 502 <nop,nop,TS val 110 ecr 900>
      0.100 > F. 1001:1001(0) ack 5001 win 502 <nop,nop,TS val 200 ecr 900>
      0.100 < .  5001:5001(0) ack 1002 win 509 <nop,nop,TS val 1000 ecr 200>
      0.200 < F. 5001:5001(0) ack 1002 win 509 <nop,nop,TS val 1100 ecr 200>
      0.410 < F. 5001:5001(0) ack 1002 win 509 <nop,nop,TS val 1310 ecr 200>
      0.830 < F. 5001:5001(0) ack 1002 win 509 <nop,nop,TS val 1730 ecr 200>
      0.840 > .  1002:1002(0) ack 5002 win 502 <nop,nop,TS val 940 ecr 1100>`);
    expect(client).toMatch(/FIN_WAIT2 0.1\d, TIME_WAIT 0.2\d$/);
  });
});

describe('a FIN behind a closed window', () => {
  const STALLED = `${HANDSHAKE}
    0.020 > P. 1001:2001(1000) ack 5001 win 502 <nop,nop,TS val 120 ecr 900>
    0.030 < .  5001:5001(0)    ack 2001 win 0   <nop,nop,TS val 920 ecr 120>
    0.250 > .  2000:2000(0)    ack 5001 win 502 <nop,nop,TS val 350 ecr 920>
    0.260 < .  5001:5001(0)    ack 2001 win 0   <nop,nop,TS val 1150 ecr 120>`;

  test('comes out at once when the window opens: the application had closed before', async () => {
    const [client] = await statesIn(`${STALLED}
      5.000 < .  5001:5001(0) ack 2001 win 500  <nop,nop,TS val 5890 ecr 120>
      5.000 > FP. 2001:2101(100) ack 5001 win 502 <nop,nop,TS val 5100 ecr 5890>`);
    expect(client).toMatch(/ESTABLISHED 0.01, FIN_WAIT1 0.03 inferred$/);
  });

  test('never comes out when the orphan was given up: the reset that answers tells', async () => {
    const [client] = await statesIn(`${STALLED}
      9.000 < .  5001:5001(0) ack 2001 win 500  <nop,nop,TS val 9890 ecr 120>
      9.000 > R  2001:2001(0) win 0`);
    expect(client).toMatch(/FIN_WAIT1 0.03 inferred, CLOSED 0.25 inferred$/);
  });

  test('a FIN that follows an acknowledged transfer was sent when it was asked for', async () => {
    const [client] = await statesIn(`${STALLED}
      5.000 < .  5001:5001(0)   ack 2001 win 500  <nop,nop,TS val 5890 ecr 120>
      5.000 > P. 2001:2101(100) ack 5001 win 502 <nop,nop,TS val 5100 ecr 5890>
      5.010 < .  5001:5001(0)   ack 2101 win 500  <nop,nop,TS val 5900 ecr 5100>
      6.000 > F. 2101:2101(0)   ack 5001 win 502 <nop,nop,TS val 6100 ecr 5900>`);
    expect(client).toMatch(/ESTABLISHED 0.01, FIN_WAIT1 6.00$/);
  });
});

describe('what was refused changes nothing', () => {
  const OPEN = `${HANDSHAKE}
    0.020 > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val 120 ecr 900>
    0.030 < .  5001:5001(0)   ack 1101 win 509 <nop,nop,TS val 920 ecr 120>`;

  test('a reset that does not carry the next number, and a challenge', async () => {
    const [client, server] = await statesIn(`${OPEN}
      1.000 < R  6000:6000(0) win 0
      1.000 > .  1101:1101(0)   ack 5001 win 502 <nop,nop,TS val 1100 ecr 920>
      2.000 > P. 1101:1201(100) ack 5001 win 502 <nop,nop,TS val 2100 ecr 920>
      2.010 < .  5001:5001(0)   ack 1201 win 509 <nop,nop,TS val 2900 ecr 2100>`);
    expect(client).toBe('0 client: SYN_SENT 0.00, ESTABLISHED 0.01');
    expect(server).toBe('0 server: SYN_RECV 0.01, ESTABLISHED 0.02');
  });

  test('a SYN that its seeming sender knows nothing of', async () => {
    const states = await statesIn(`${OPEN}
      1.000 > S  9000:9000(0) win 500
      1.010 < .  5001:5001(0)   ack 1101 win 509 <nop,nop,TS val 1900 ecr 120>
      2.000 > P. 1101:1201(100) ack 5001 win 502 <nop,nop,TS val 2100 ecr 920>
      2.010 < .  5001:5001(0)   ack 1201 win 509 <nop,nop,TS val 2900 ecr 2100>
      3.000 > F. 1201:1201(0)   ack 5001 win 502 <nop,nop,TS val 3100 ecr 2900>`);
    expect(states[0]).toBe('0 client: SYN_SENT 0.00, ESTABLISHED 0.01, FIN_WAIT1 3.00');
    expect(states.filter((line) => line.startsWith('1 client'))).toEqual([]);
  });

  test('a reset that was lost is forgotten when its receiver goes on, if only to ask whether anybody is there', async () => {
    const [client] = await statesIn(`
      0.000 > S  1000:1000(0)           win 64240 <mss 1460>
      0.000 < S. 5000:5000(0) ack 1001  win 65160 <mss 1460>
      0.010 > .  1001:1001(0) ack 5001  win 502
      0.020 > P. 1001:1101(100) ack 5001 win 502
      0.020 < .  5001:5001(0) ack 1101  win 509
      0.030 < R. 5001:5001(0) ack 1101  win 509 id 9
      9.000 > .  1100:1100(0) ack 5001  win 502
      9.000 < R  5001:5001(0) win 0`);
    expect(client).toMatch(/ESTABLISHED 0.0\d, CLOSED 9.0\d$/);
  });
});

describe('what came later tells what had happened', () => {
  test('a connection that gave up sending is revealed by the reset that answers the next segment to it', async () => {
    const data = [0.02, 0.23, 0.44, 0.86, 1.7].map(
      (time) => `${time.toFixed(3)} > P. 1001:1101(100) ack 5001 win 502 <nop,nop,TS val ${100 + time * 1000} ecr 900>`,
    );
    const [client] = await statesIn(
      [HANDSHAKE, ...data, '9.000 < P. 5001:5101(100) ack 1001 win 509 <nop,nop,TS val 9900 ecr 110>', '9.000 > R 1001:1001(0) win 0'].join('\n'),
    );
    expect(client).toMatch(/ESTABLISHED 0.01, CLOSED 3.38 timer$/);
  });

  test('a new SYN shows that the connection before it had ended, some time', async () => {
    const states = await statesIn(`${HANDSHAKE}
      4.010 > S  9000000:9000000(0) win 64240 <mss 1460,sackOK,TS val 4100 ecr 0,nop,wscale 7>`);
    expect(states[0]).toBe('0 client: SYN_SENT 0.00, ESTABLISHED 0.01, CLOSED 2.01 inferred');
  });
});

test('a SYN that is accepted in TIME_WAIT goes on from there', async () => {
  const { file } = capture(`${HANDSHAKE}
    0.100 < F. 5001:5001(0)      ack 1001 win 509 <nop,nop,TS val 1000 ecr 110>
    0.100 > F. 1001:1001(0)      ack 5002 win 502 <nop,nop,TS val 200 ecr 1000>
    0.110 < .  5002:5002(0)      ack 1002 win 509 <nop,nop,TS val 1010 ecr 200>
    2.000 > S  90000:90000(0)             win 64240 <mss 1460,sackOK,TS val 2100 ecr 0,nop,wscale 7>
    2.010 < S. 70538:70538(0) ack 90001   win 65160 <mss 1460,sackOK,TS val 2910 ecr 2100,nop,wscale 7>`);
  const rows = [...(await listStates(captureOf(file)))].filter(({ side, to }) => side === 'server' && to === 'SYN_RECV');
  expect(rows.map(({ stream, from }) => `${stream} ${from}`)).toEqual(['0 LISTEN', '1 TIME_WAIT']);
});
