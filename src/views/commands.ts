import type { Finding, FlowReport } from '../report.js';

/**
 * A command of the catalogue with what the finding knows in place of PORT, SERVER and CLIENT: of one conversation all three, of several those
 * that the finding itself names. PEER is the other end of whichever host it runs on, and stays, as does PID. `flow`: its first conversation.
 */
export function filledIn(run: string, { streams, subject }: Finding, flow: FlowReport | undefined): string {
  const isOne = flow !== undefined && streams.length === 1;
  const isOfServer = isOne || (flow !== undefined && (subject.endsWith(flow.server) || subject.includes(`${flow.server} `)));
  const listener = isOfServer ? flow?.server : SOCKET.exec(subject)?.[0];
  const [server, port] = listener === undefined ? [] : partsOf(listener);
  const known = { PORT: port, SERVER: server, CLIENT: isOne ? partsOf(flow.client)[0] : undefined };
  return run.replace(/\b(?:PORT|SERVER|CLIENT)\b/g, (word) => known[word as keyof typeof known] ?? word);
}

/** A finding about nothing but a listener: its conversations need not be listed. */
const SOCKET = /^(?:[\d.]+|\[[\da-f:.]+\]):\d+$/;

/** Address and port of "IP:port" or "[IPv6]:port". */
function partsOf(socket: string): [address: string, port: string] {
  const colon = socket.lastIndexOf(':');
  return [socket.slice(0, colon).replace(/[[\]]/g, ''), socket.slice(colon + 1)];
}
