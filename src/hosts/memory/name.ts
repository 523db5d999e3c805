import type { Address } from '../address.js';
import type { Name } from './first-names.js';

/** Words of the names of an address, a socket, a pair of addresses, and a client with the socket of a server. Both of a pair are of one family. */
export const ADDRESS_NAME = 5;
export const SOCKET_NAME = 6;
export const PAIR_NAME = 9;
export const ASKED_NAME = 10;

const address = new Int32Array(ADDRESS_NAME);
const socket = new Int32Array(SOCKET_NAME);
const pair = new Int32Array(PAIR_NAME);
const asked = new Int32Array(ASKED_NAME);

export function addressName(of: Address): Name {
  write(address, of);
  return address;
}

export function socketName(server: Address, port: number): Name {
  write(socket, server);
  socket[5] = port;
  return socket;
}

export function pairName(client: Address, server: Address): Name {
  writePair(pair, client, server);
  return pair;
}

export function askedName(client: Address, server: Address, port: number): Name {
  writePair(asked, client, server);
  asked[9] = port;
  return asked;
}

/** The address with which a name begins: the client's of a pair. */
export function addressIn(name: Name): Address {
  return wordsAt(name, 1);
}

/** The second one of a pair. */
export function serverIn(name: Name): Address {
  return wordsAt(name, 5);
}

export function portIn(name: Name): number {
  return name[name.length - 1] as number;
}

function wordsAt(name: Name, at: number): Address {
  const [address0 = 0, address1 = 0, address2 = 0, address3 = 0] = name.subarray(at, at + 4);
  return { family: name[0] as number, address0, address1, address2, address3 };
}

function writePair(name: Name, client: Address, server: Address): void {
  write(name, client);
  name[5] = server.address0;
  name[6] = server.address1;
  name[7] = server.address2;
  name[8] = server.address3;
}

function write(name: Name, { family, address0, address1, address2, address3 }: Address): void {
  name[0] = family;
  name[1] = address0;
  name[2] = address1;
  name[3] = address2;
  name[4] = address3;
}
