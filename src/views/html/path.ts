/** Pixels: right and down. */
export type Position = readonly [x: number, y: number];

/** A line that keeps its height until the next position, as things do that change with packets. */
export function steps(positions: readonly Position[]): string {
  let path = '';
  let [lastX, lastY] = [Number.NaN, Number.NaN];
  for (const [x, y] of positions) {
    if (path === '') path = `M${x} ${y}`;
    else if (y !== lastY) path += `${x === lastX ? '' : `H${x}`}V${y}`;
    if (y !== lastY || Number.isNaN(lastX)) [lastX, lastY] = [x, y];
  }
  const end = positions.at(-1);
  return end === undefined || end[0] === lastX ? path : `${path}H${end[0]}`;
}

/** The same, filled down to a floor. */
export function area(positions: readonly Position[], floor: number): string {
  const [first] = positions;
  const last = positions.at(-1);
  if (first === undefined || last === undefined) return '';
  return `M${first[0]} ${floor}V${first[1]}${steps(positions).replace(/^M[^HV]*/, '')}V${floor}Z`;
}

/** Upright bars from one height to another; those that would lie upon each other are drawn once. */
export function bars(extents: Iterable<readonly [x: number, from: number, to: number]>): string {
  const drawn = new Set<string>();
  for (const [x, from, to] of extents) drawn.add(from === to ? `M${x} ${from}v-.8` : `M${x} ${from}V${to}`);
  return [...drawn].join('');
}

/** Dots, for a line with round ends. */
export function dots(positions: Iterable<Position>): string {
  const drawn = new Set<string>();
  for (const [x, y] of positions) drawn.add(`M${x} ${y}h0`);
  return [...drawn].join('');
}
