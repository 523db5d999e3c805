import { join } from 'node:path';
import { Capture } from '../../src/capture/capture.js';
import { fileSource } from '../../src/capture/source.js';
import { listNetstat } from '../../src/listings/netstat.js';
import { type Recording, sideOf, truthOf } from '../recordings.js';

/** A socket, as `ss` and `netstat` agree on it. */
export interface Listed {
  /** State and both addresses. */
  socket: string;
  local: string;
  sendQueue: number;
  /** Name of the timer and how often it has fired; empty without one. */
  timer: string;
  /** Seconds until it fires; NaN without one. */
  left: number;
}

/** One snapshot of the host where a capture was made, and what the capture tells of that moment. */
export interface Compared {
  /** "recording: file [snapshot]" */
  name: string;
  scenario: string;
  kernel: readonly Listed[];
  inferred: readonly Listed[];
}

export async function compareSnapshots(recording: Recording): Promise<Compared[]> {
  const truth = truthOf(recording);
  if (truth.ss === undefined) return [];
  const compared: Compared[] = [];
  for (const { file, vantage } of truth.captures ?? []) {
    const side = sideOf(vantage);
    for (const [title, snapshot] of Object.entries(truth.ss ?? {})) {
      const text = snapshot[side];
      if (typeof text !== 'string' || typeof snapshot.t !== 'number') continue;
      const capture = new Capture([() => fileSource(join(recording.folder, file))]);
      const { hosts } = await listNetstat(capture, { seconds: snapshot.t, isAbsolute: true });
      const here = [truth.addresses?.[side], truth.addresses6?.[side]];
      const kernel = socketsOf(text);
      const isHere = (host: string): boolean =>
        here.includes(host) || kernel.some(({ local }) => local.startsWith(`${host}:`) || local.startsWith(`[${host}]:`));
      const inferred = hosts
        .filter(({ host }) => isHere(host))
        .flatMap(({ rows }) => rows)
        .map(({ state, local, peer, sendQueue, timer }) => ({
          socket: `${state} ${local} ${peer}`,
          local,
          sendQueue,
          timer: firings(timer),
          left: secondsLeft(timer),
        }));
      compared.push({
        name: `${recording.name}: ${file.split('/').at(-1)?.replace('.pcap', '')} [${title}]`,
        scenario: truth.scenario ?? '',
        kernel,
        inferred,
      });
    }
  }
  return compared;
}

/** Which states are missing (-) or should not be there (+), as "-FIN-WAIT-1 +ESTAB"; empty when both agree. */
export function difference({ kernel, inferred }: Compared): string {
  const missing = kernel.filter(({ socket }) => !inferred.some((one) => one.socket === socket));
  const extra = inferred.filter(({ socket }) => !kernel.some((one) => one.socket === socket));
  const stateOf = ({ socket }: Listed): string => socket.split(' ')[0] ?? '';
  const all = [...missing.map((one) => `-${stateOf(one)}`), ...extra.map((one) => `+${stateOf(one)}`)].toSorted();
  return [...new Set(all)].map((one) => `${one}${timesText(all.filter((other) => other === one).length)}`).join(' ');
}

function timesText(count: number): string {
  return count > 1 ? ` ×${count}` : '';
}

/** Lines of `ss -tano` without listeners; continuation lines are indented. */
function socketsOf(text: string): Listed[] {
  return text
    .split('\n')
    .filter((line) => /^\S/.test(line) && !/^(LISTEN|State|Netid)/.test(line))
    .map((line) => {
      const [state = '', , sendQueue = '', local = '', peer = ''] = line.trim().split(/\s+/);
      const [, timer = ''] = /timer:\(([^)]*)\)/.exec(line) ?? [];
      return { socket: `${state} ${local} ${peer}`, local, sendQueue: Number(sendQueue), timer: firings(timer), left: secondsLeft(timer) };
    });
}

/** "on,1.6sec,3" without the time left. */
function firings(timer: string): string {
  const [name = '', , fired = ''] = timer.split(',');
  return name === '' ? '' : `${name},${fired}`;
}

/** Of "on,1min2sec,3", of our "on,1.6sec,3", and of the kernel's "on,3.476ms,2", which are seconds, and "on,204ms,0", which are not. */
function secondsLeft(timer: string): number {
  const [, left = ''] = timer.split(',');
  if (left.endsWith('ms')) return left.includes('.') ? Number.parseFloat(left) : Number.parseFloat(left) / 1000;
  const [, minutes = '0', seconds = '0'] = /^(?:(\d+)min)?(?:([\d.]+)sec)?$/.exec(left) ?? [];
  return left === '' ? Number.NaN : Number(minutes) * 60 + Number(seconds);
}
