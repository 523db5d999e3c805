/** So many are at hand, of the hosts that were asked for last. */
const MOST = 32_768;

/** What was read of hosts, in objects: each of thousands of findings about one host asks again. */
export class AtHand<Said> {
  private readonly known = new Map<string, readonly Said[]>();
  private count = 0;

  /** Of a host, by its address as text. */
  of(host: string, read: () => readonly Said[]): readonly Said[] {
    const known = this.known.get(host);
    if (known !== undefined) return known;
    const said = read();
    if (this.count + said.length > MOST) this.clear();
    this.known.set(host, said);
    this.count += said.length;
    return said;
  }

  /** There is more to be read than before. */
  clear(): void {
    this.known.clear();
    this.count = 0;
  }
}
