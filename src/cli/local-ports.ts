import { CaptureError } from '../capture/error.js';
import { parseSysctl } from '../facts/sysctl.js';
import type { PortRange } from '../listings/netstat/ports.js';
import { readSaved } from './small-file.js';

const HIGHEST = 65535;

/** What `sysctl -a` says of the ports that connect() chooses from. Throws CaptureError when the file does not say it. */
export async function localPortsIn(file: string): Promise<PortRange> {
  const { sysctls } = parseSysctl(await readSaved(file));
  const [first, last] = (sysctls.get('net.ipv4.ip_local_port_range') ?? '').split(' ').map(Number);
  if (!first || !last || first > last || last > HIGHEST) throw new CaptureError(`${file}: net.ipv4.ip_local_port_range is not in it`);
  return { first, last };
}
