/** The part of the library that the tests use; it brings no types. */
declare module 'pcap-parser' {
  import type { EventEmitter } from 'node:events';

  interface Packet {
    header: { timestampSeconds: number; timestampMicroseconds: number; capturedLength: number; originalLength: number };
    data: Buffer;
  }

  interface Parser extends EventEmitter {
    on(event: 'packet', listener: (packet: Packet) => void): this;
    on(event: 'end', listener: () => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
  }

  const pcapParser: { parse(stream: NodeJS.ReadableStream): Parser };
  export default pcapParser;
}
