/**
 * Whether less than `limit` nanoseconds lie between `then` and `now`. Wireshark's spans have no sign:
 * one that runs backwards is longer than any that does not.
 */
export function isWithin(limit: number, then: number, now: number): boolean {
  const span = now - then;
  return span < 0 === limit < 0 ? span < limit : limit < 0;
}
