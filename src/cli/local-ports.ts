import { readFile } from 'node:fs/promises';
import { CaptureError, reason } from '../capture/error.js';
import { parseSysctl } from '../facts/sysctl.js';
import type { PortRange } from '../listings/netstat/ports.js';

/** What `sysctl -a` says of the ports that connect() chooses from. Throws CaptureError when the file does not say it. */
export async function localPortsIn(file: string): Promise<PortRange> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CaptureError(`${file}: ${reason(error)}`);
  });
  const [first, last] = (parseSysctl(text).sysctls.get('net.ipv4.ip_local_port_range') ?? '').split(' ').map(Number);
  if (!first || !last || first > last) throw new CaptureError(`${file}: net.ipv4.ip_local_port_range is not in it`);
  return { first, last };
}
