export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The lower convex hull, from left to right (Andrew's monotone chain). */
export function lowerHull(points: readonly Point[]): Point[] {
  const hull: Point[] = [];
  for (const point of points.toSorted((a, b) => a.x - b.x || b.y - a.y)) {
    while (hull.length > 1 && !turnsLeft(hull[hull.length - 2] as Point, hull[hull.length - 1] as Point, point)) hull.pop();
    if (hull.length === 1 && hull[0]?.x === point.x) hull.pop();
    hull.push(point);
  }
  return hull;
}

function turnsLeft(a: Point, b: Point, c: Point): boolean {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) > 0;
}
