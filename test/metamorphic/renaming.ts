/** Other names for hosts and ports; each one to one. */
export interface Renaming {
  /** Changes an address of 4 or 16 bytes in place. */
  address(bytes: Buffer): void;
  port(port: number): number;
}

/** Every host is another one, and every port that no service has for itself. */
export const elsewhere: Renaming = {
  address(bytes) {
    if (isForMany(bytes)) return;
    const last = bytes.length - 4;
    bytes.writeUInt8(bytes.readUInt8(last + 1) ^ 0x55, last + 1);
    bytes.writeUInt8(bytes.readUInt8(last + 2) ^ 0x22, last + 2);
  },
  port: (port) => (port < FREE ? port : FREE + ((port - FREE + 7) % (0x10000 - FREE))),
};

/** Lower ports say what is served there, and BGP is not treated as others are. */
const FREE = 1024;

/** Two hosts have each other's address. */
export function swapping(one: Buffer, other: Buffer): Renaming {
  return {
    address(bytes) {
      if (bytes.equals(one)) other.copy(bytes);
      else if (bytes.equals(other)) one.copy(bytes);
    },
    port: (port) => port,
  };
}

/** Each time another renaming, to addresses that no host has after any of the others. */
export function unlikeAnyOther(): () => Renaming {
  let given = 0;
  return () => {
    const names = new Map<string, Buffer>();
    return {
      address(bytes) {
        if (isForMany(bytes)) return;
        const original = bytes.toString('hex');
        const name = names.get(original) ?? numbered(++given, bytes.length);
        names.set(original, name);
        name.copy(bytes);
      },
      port: (port) => port,
    };
  };
}

/** 11.0.0.0/8 and fd00::/8 */
function numbered(number: number, length: number): Buffer {
  const name = Buffer.alloc(length);
  name.writeUInt8(length === 4 ? 11 : 0xfd);
  name.writeUIntBE(number, length - 3, 3);
  return name;
}

/** 64:ff9b::/96, RFC 6052 */
export function addressBytes(ip4: Buffer): Buffer {
  return Buffer.concat([Buffer.from('0064ff9b0000000000000000', 'hex'), ip4]);
}

function isForMany(bytes: Buffer): boolean {
  return bytes.length === 4 ? bytes.readUInt8(0) >= 224 || bytes.readUInt32BE(0) === 0 : bytes.readUInt8(0) === 0xff;
}
