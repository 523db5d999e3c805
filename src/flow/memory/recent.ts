/** A map that forgets what nobody has asked for or set for longest when it holds too much. */
export class Recent<Key, Value> {
  private readonly known = new Map<Key, Value>();

  constructor(private readonly most: number) {}

  get(key: Key): Value | undefined {
    const value = this.known.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: Key, value: Value): void {
    this.known.delete(key);
    this.known.set(key, value);
    if (this.known.size <= this.most) return;
    const [oldest] = this.known.keys();
    this.known.delete(oldest as Key);
  }
}
