import type { Capture } from '../../src/capture/capture.js';
import type { Flow } from '../../src/flow/flow.js';
import { follow } from '../../src/follow.js';
import { socketText } from '../../src/hosts/address.js';

/** Of each connection's end in one capture, by "address peer": its role in every request for it, and the number that begins the request. */
export type Requests = ReadonlyMap<string, readonly string[]>;

/** An address translator changes addresses and ports, but no sequence number: by these a connection is known again. */
export async function requestsIn(capture: Capture): Promise<Requests> {
  const requests = new Map<string, string[]>();
  const note = (end: string, request: string): void => {
    requests.set(end, [...(requests.get(end) ?? []), request]);
  };
  await follow(capture, {
    over: ({ client, server }: Flow) => {
      if (!client.hasSyn) return;
      note(endOf(socketText(client), socketText(server)), `client ${client.iss}`);
      note(endOf(socketText(server), socketText(client)), `server ${client.iss}`);
    },
  });
  return requests;
}

/** As the kernel's tracepoints write an end. */
export function endOf(address: string, peer: string): string {
  return `${address} ${peer}`.replaceAll(/[[\]]/g, '');
}

/**
 * How an end is called in one capture of a recording: as the kernel calls it, unless a translator lies between. Undefined when the
 * recording's other captures tell that it is called otherwise, but not how it is called here: it took another way, or shares a name.
 */
export function nameIn(here: Requests, end: string, everywhere: readonly Requests[]): string | undefined {
  if (here.has(end)) return end;
  const asked = everywhere.map((requests) => requests.get(end)).find((found) => found !== undefined);
  if (asked === undefined) return end;
  const same = [...here].find(([, requests]) => requests.join() === asked.join());
  if (same !== undefined) return same[0];
  const isTranslated = everywhere.some((others) =>
    [...others].some(([other, requests]) => other !== end && requests.some((one) => asked.includes(one))),
  );
  return isTranslated ? undefined : end;
}
