import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.js';
import type { Vantage } from '../../src/hosts/vantage.js';
import { captureOf } from '../bytes.js';
import { capture } from '../transcript.js';

/** The suspects of each finding, most probable first: "pattern: cause certainty, cause certainty". */
async function suspects(transcript: string, vantage?: Vantage): Promise<string[]> {
  const { findings } = await analyze(captureOf(capture(transcript).file), vantage === undefined ? {} : { vantage });
  return findings.map(({ pattern, suspects }) => `${pattern}: ${suspects.map(({ cause, certainty }) => `${cause} ${certainty}`).join(', ')}`);
}

async function suspectsOf(pattern: string, transcript: string, vantage?: Vantage): Promise<string | undefined> {
  const found = (await suspects(transcript, vantage)).find((line) => line.startsWith(`${pattern}: `));
  return found?.slice(pattern.length + 2);
}

const OPENED = `
  0.00000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
  0.00002 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
  0.04000 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 140 ecr 900>`;

/** It is never accepted. */
const WAITING = `
  0.00000 9> S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
  0.00002 9< S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
  0.04000 9> .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 140 ecr 900>
  0.04500 9> P. 1001:1006(5) ack 5001 win 502   <nop,nop,TS val 145 ecr 900>
  0.04502 9< .  5001:5001(0) ack 1006 win 509   <nop,nop,TS val 945 ecr 145>`;

describe('a server that repeats its SYN-ACK although the ACK is in a capture made there', () => {
  const ignored = `${OPENED}
    0.05000 > P. 1001:1006(5) ack 5001 win 502   <nop,nop,TS val 150 ecr 900>
    0.30000 > P. 1001:1006(5) ack 5001 win 502   <nop,nop,TS val 400 ecr 900>
    0.90000 > P. 1001:1006(5) ack 5001 win 502   <nop,nop,TS val 1000 ecr 900>
    1.02000 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 1920 ecr 100,nop,wscale 7>
    1.06000 > .  1006:1006(0) ack 5001 win 502   <nop,nop,TS val 1160 ecr 1920>
    2.10000 > P. 1001:1006(5) ack 5001 win 502   <nop,nop,TS val 2200 ecr 1920>
    3.03600 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 3936 ecr 100,nop,wscale 7>`;
  test('has a full accept queue for certain when the capture shows another connection that takes a place in it', async () => {
    expect(await suspectsOf('syn-ack-repeated', WAITING + ignored, 'server')).toBe('accept-queue-overflow-ack-ignored certain');
  });

  test('also when that one has said nothing since its handshake', async () => {
    const silent = WAITING.split('\n').slice(0, 4).join('\n');
    expect(await suspectsOf('syn-ack-repeated', silent + ignored, 'server')).toBe('accept-queue-overflow-ack-ignored certain');
  });

  test('may have a packet filter that lets nothing but SYNs through when no handshake with that port comes about', async () => {
    expect(await suspectsOf('syn-ack-repeated', ignored, 'server')).toBe('accept-queue-overflow-ack-ignored likely, host-netfilter-drop possible');
  });

  test('has also dropped the data that the client sends again: the path has lost nothing', async () => {
    expect(await suspectsOf('retransmission-timeout', ignored, 'server')).toMatch(/^accept-queue-overflow-ack-ignored likely/);
    expect(await suspectsOf('retransmission-timeout', ignored, 'client')).toMatch(/^accept-queue-overflow-ack-ignored possible/);
  });

  test('has forgotten the request when it resets what comes then', async () => {
    const forgotten = `${ignored}
      8.00000 > P. 1001:1006(5) ack 5001 win 502 <nop,nop,TS val 8100 ecr 3936>
      8.00002 < R  5001:5001(0)          win 0`;
    expect(await suspectsOf('reset-answered', forgotten, 'server')).toMatch(/^accept-queue-overflow-ack-ignored likely/);
  });

  test('may defer to data when it takes the ACK after one repetition, and not when it ignores that one too', async () => {
    const once = `${OPENED}
      1.02000 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 1920 ecr 100,nop,wscale 7>
      1.06000 > .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 1160 ecr 1920>
      5.00000 < P. 5001:5004(3) ack 1001 win 509   <nop,nop,TS val 5900 ecr 1160>`;
    expect(await suspectsOf('syn-ack-repeated', once, 'server')).toBe(
      'defer-accept-ack-ignored possible, accept-queue-overflow-ack-ignored possible',
    );
    const twice = once.replace(/5\.00000.*/, '3.03600 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 3936 ecr 100,nop,wscale 7>\n$&');
    expect(await suspectsOf('syn-ack-repeated', twice, 'server')).not.toContain('defer-accept');
  });
});

describe('a server that ignores data after the handshake and does not repeat its SYN-ACK', () => {
  const taken = `${OPENED}
    0.05000 > P. 1001:1006(5) ack 5001 win 502   <nop,nop,TS val 150 ecr 900>
    0.30000 > P. 1001:1006(5) ack 5001 win 502   <nop,nop,TS val 400 ecr 900>
    0.70000 > P. 1001:1006(5) ack 5001 win 502   <nop,nop,TS val 800 ecr 900>
    1.50000 > P. 1001:1006(5) ack 5001 win 502   <nop,nop,TS val 1600 ecr 900>
    1.50002 < .  5001:5001(0) ack 1006 win 509   <nop,nop,TS val 2400 ecr 1600>`;

  test('made no socket of its SYN cookie until there was room in the accept queue: no buffer of a socket was full', async () => {
    const found = await suspects(taken, 'server');
    expect(found).toContain('ignored-after-handshake: syncookie-phantom-connection likely');
    expect(found.filter((line) => line.startsWith('retransmission-timeout: syncookie-phantom-connection likely'))).toHaveLength(1);
  });

  test('is not suspected at the client, where a path that loses data for a while looks the same', async () => {
    expect(await suspectsOf('ignored-after-handshake', taken, 'client')).toBeUndefined();
    expect(await suspectsOf('retransmission-timeout', taken, 'client')).toMatch(/^rto-backoff-path-loss/);
  });
});

test('how long a client had waited before it reset the SYN-ACK shows at the server in the time until the reset comes', async () => {
  const abandoned = `
    0.00000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
    0.00003 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
    0.60000 > R  1001:1001(0)          win 0`;
  expect(await suspectsOf('syn-ack-reset', abandoned)).toBe('client-abandoned-connect likely');
  expect(await suspectsOf('syn-ack-reset', abandoned.replace('0.60000', '0.02000'))).toBe('client-abandoned-connect possible');
});

describe('a SYN without any answer that has crossed no router', () => {
  const syns = (server: string): string => `
    0.000 > S 1000:1000(0) win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> server ${server}
    1.020 > S 1000:1000(0) win 64240 <mss 1460,sackOK,TS val 1120 ecr 0,nop,wscale 7> server ${server}`;
  const placeOf = async (transcript: string) => (await analyze(captureOf(capture(transcript).file), {})).flows[0]?.vantage.place;

  test('was captured at the client when the server is on another network', async () => {
    expect(await placeOf(syns('10.9.9.2'))).toBe('client');
  });

  test('was captured where other conversations of the same hosts have crossed no router', async () => {
    const { flows } = await analyze(
      captureOf(
        capture(`
          0.00000 2> S  1000:1000(0)          win 64240 <mss 1460> ttl 60
          0.00002 2< S. 5000:5000(0) ack 1001 win 65160 <mss 1460>
          0.00004 2> .  1001:1001(0) ack 5001 win 502 ttl 60
          1.00000 > S 1000:1000(0) win 64240 <mss 1460> ttl 60
          2.02000 > S 1000:1000(0) win 64240 <mss 1460> ttl 60`).file,
      ),
      {},
    );
    expect(flows.find(({ stream }) => stream === 1)?.vantage.place).toBe('server');
  });

  test('may have been captured at either end when both can be on one link', async () => {
    expect(await placeOf(syns('10.0.0.2'))).toBe('unknown');
  });
});

test('a client that connects after repeating its SYN and then only listens has completed its handshake: it is no part of a flood', async () => {
  const late = [1, 2, 3, 4, 5]
    .map(
      (flow) => `
        0.00${flow} ${flow}> S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
        1.02${flow} ${flow}> S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 1120 ecr 0,nop,wscale 7>
        1.04${flow} ${flow}< S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 1120,nop,wscale 7>
        1.05${flow} ${flow}> .  1001:1001(0) ack 5001 win 502   <nop,nop,TS val 1150 ecr 900>`,
    )
    .join('');
  expect(await suspectsOf('half-open-pile', inOrder(late))).toBeUndefined();
});

describe('an ACK of the handshake that is answered with a reset', () => {
  const reset = `${OPENED}
    0.04002 < R  5001:5001(0)          win 0`;
  const laterSyn = (answer: string): string => `${reset}
    1.00000 2> S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 1100 ecr 0,nop,wscale 7>
    1.00002 2< ${answer}`;

  test('met no listener any more when the next SYN to that port is refused', async () => {
    const found = await suspectsOf('handshake-ack-reset', laterSyn('R. 0:0(0) ack 1001 win 0'));
    expect(found).toMatch(/^listener-closed-pending-reset likely, accept-queue-overflow-abort possible/);
  });

  test('may have met either at a server whose capture shows no connection that fills the queue', async () => {
    const found = await suspectsOf('handshake-ack-reset', reset, 'server');
    expect(found).toMatch(/^accept-queue-overflow-abort possible, listener-closed-pending-reset possible/);
  });

  test('met a full accept queue when the port goes on to accept', async () => {
    const found = await suspectsOf('handshake-ack-reset', WAITING + laterSyn('S. 9000:9000(0) ack 1001 win 65160 <mss 1460>'));
    expect(found).toMatch(/^accept-queue-overflow-abort likely/);
    expect(found).not.toContain('listener-closed');
  });
});

test('a SYN that TIME_WAIT answers although it could open a new connection has met no listener: the next one is refused', async () => {
  const gone = `
    0.000 < F. 5000:5000(0)   ack 1000 win 500 <nop,nop,TS val 800 ecr 100>
    0.010 > F. 1000:1000(0)   ack 5001 win 500 <nop,nop,TS val 110 ecr 800>
    0.010 < .  5001:5001(0)   ack 1001 win 500 <nop,nop,TS val 810 ecr 110> id 0
    2.000 > S  90000:90000(0)          win 64240 <mss 1460,sackOK,TS val 2100 ecr 0,nop,wscale 7>
    2.010 < .  5001:5001(0)   ack 1001 win 500 <nop,nop,TS val 2810 ecr 110> id 0
    2.010 > R  1001:1001(0)            win 0
    2.020 > S  90000:90000(0)          win 64240 <mss 1460,sackOK,TS val 2120 ecr 0,nop,wscale 7>
    2.030 < R. 0:0(0)         ack 90001 win 0`;
  expect(await suspectsOf('syn-strangely-answered', gone)).toMatch(/^timewait-syn-challenged/);
});

test('two SYNs that cross are answered by a plain ACK when one SYN-ACK is enough: nothing about that is strange', async () => {
  const crossed = `
    0.000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
    0.050 < S  5000:5000(0)          win 64240 <mss 1460,sackOK,TS val 900 ecr 0,nop,wscale 7>
    0.050 > S. 1000:1000(0) ack 5001 win 65160 <mss 1460,sackOK,TS val 150 ecr 900,nop,wscale 7>
    0.150 < .  5001:5001(0) ack 1001 win 502   <nop,nop,TS val 1000 ecr 150>
    0.200 > F. 1001:1001(0) ack 5001 win 502   <nop,nop,TS val 300 ecr 1000>
    0.250 < F. 5001:5001(0) ack 1002 win 502   <nop,nop,TS val 1100 ecr 300>
    0.251 > .  1002:1002(0) ack 5002 win 502   <nop,nop,TS val 351 ecr 1100>`;
  expect(await suspectsOf('syn-strangely-answered', crossed)).toBeUndefined();
});

test('data of a SYN that the server did not take is sent again after the handshake, and is no probe of a lost tail', async () => {
  const refused = `
    0.000 > S  1000:1008(8)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
    0.042 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
    0.042 > P. 1001:1009(8) ack 5001 win 502   <nop,nop,TS val 142 ecr 900>
    0.083 < .  5001:5001(0) ack 1009 win 509   <nop,nop,TS val 941 ecr 142>`;
  expect(await suspectsOf('tail-probed', refused)).toBeUndefined();
});

describe('SYN-ACKs that the client never reacts to', () => {
  const unheard = (after: number): string =>
    inOrder(`
      0.000 > S 1000:1000(0) win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
      1.020 > S 1000:1000(0) win 64240 <mss 1460,sackOK,TS val 1120 ecr 0,nop,wscale 7>
      ${[0, 1.02, 3.05].map((time) => `${(time + after).toFixed(5)} < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>`).join('\n')}`);

  test('have reached its host when they come later than a kernel on this link answers', async () => {
    expect(await suspectsOf('syn-ack-repeated', unheard(0.02))).toBe('synack-dropped-at-client likely');
  });

  test('were lost on the way, as far as anybody can tell, when they leave at once', async () => {
    expect(await suspectsOf('syn-ack-repeated', unheard(0.00002))).toMatch(/^third-ack-or-synack-lost likely/);
  });
});

test('connections that are over wait in no queue: a lone SYN without an answer was probably lost', async () => {
  const over = [1, 2, 3]
    .map(
      (flow) => `
        ${flow}.000 ${flow}> S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
        ${flow}.020 ${flow}< S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
        ${flow}.020 ${flow}> P. 1001:1011(10) ack 5001 win 502  <nop,nop,TS val 120 ecr 900>
        ${flow}.040 ${flow}< F. 5001:5001(0) ack 1011 win 509   <nop,nop,TS val 920 ecr 120>
        ${flow}.040 ${flow}> F. 1011:1011(0) ack 5002 win 502   <nop,nop,TS val 140 ecr 920>
        ${flow}.060 ${flow}< .  5002:5002(0) ack 1012 win 509   <nop,nop,TS val 940 ecr 140>`,
    )
    .join('');
  const lost = `${over}
        3.100 > S  7000:7000(0)          win 64240 <mss 1460,sackOK,TS val 3100 ecr 0,nop,wscale 7>
        4.120 > S  7000:7000(0)          win 64240 <mss 1460,sackOK,TS val 4120 ecr 0,nop,wscale 7>
        4.140 < S. 8000:8000(0) ack 7001 win 65160 <mss 1460,sackOK,TS val 940 ecr 4120,nop,wscale 7>
        4.140 > P. 7001:7011(10) ack 8001 win 502  <nop,nop,TS val 4140 ecr 940>
        4.160 < .  8001:8001(0) ack 7011 win 509   <nop,nop,TS val 960 ecr 4140>`;
  expect(await suspectsOf('syn-repeated', lost)).toMatch(/^syn-lost-on-path/);
});

/** The lines of a transcript in the order of their times. */
function inOrder(transcript: string): string {
  const lines = transcript.split('\n').filter((line) => line.trim() !== '');
  return lines.toSorted((a, b) => Number.parseFloat(a.trim()) - Number.parseFloat(b.trim())).join('\n');
}

test('a SYN-ACK that was repeated just before the capture ends may have an answer on its way: the path may be slow', async () => {
  const slow = `
    0.00000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
    0.00002 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>
    1.02000 > S  1000:1000(0)          win 64240 <mss 1460,sackOK,TS val 1120 ecr 0,nop,wscale 7>
    1.02002 < S. 5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS val 1920 ecr 100,nop,wscale 7>`;
  expect(await suspectsOf('syn-ack-repeated', slow, 'server')).toMatch(/^third-ack-or-synack-lost possible/);
});

test('a SYN in the last instant of a capture was not ignored, however many others are half-open', async () => {
  const flood = [1, 2, 3, 4, 5]
    .map(
      (flow) => `
        0.00${flow} ${flow}> S  1000:1000(0)          win 1024  <mss 1460>
        0.01${flow} ${flow}< S. 5000:5000(0) ack 1001 win 65160 <mss 1460>`,
    )
    .join('');
  const last = (time: number): string => inOrder(`${flood}\n${time.toFixed(3)} 6> S 1000:1000(0) win 1024 <mss 1460>`);
  const later = (time: number): string => inOrder(`${last(time)}\n3.000 7> S 1000:1000(0) win 1024 <mss 1460>`);
  expect(await suspectsOf('half-open-pile', last(0.016))).toMatch(/^syn-flood-half-open/);
  expect(await suspectsOf('half-open-pile', later(0.016))).toMatch(/^syn-queue-full-drop/);
});
