/** Cross products that lose more than 10 bits are computed with twice as many. */
const LOSS = 2 ** -10;

/**
 * Writes the center of the circle around a triangle, to a few units in the last place of its coordinates and of the
 * radius, however thin the triangle is. Cubes of coordinates have to be numbers.
 */
export function writeCircumcenter(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  cx: number,
  cy: number,
  into: Float64Array,
): void {
  const dx = bx - ax;
  const dy = by - ay;
  const ex = cx - ax;
  const ey = cy - ay;
  const cross = dx * ey - dy * ex;
  if (Math.abs(cross) < LOSS * (Math.abs(dx * ey) + Math.abs(dy * ex))) {
    const [x, y] = ofThin(ax, ay, bx, by, cx, cy);
    into[0] = ax + x;
    into[1] = ay + y;
    return;
  }
  const d = dx * dx + dy * dy;
  const e = ex * ex + ey * ey;
  into[0] = ax + (ey * d - dy * e) / (2 * cross);
  into[1] = ay + (dx * e - ex * d) / (2 * cross);
}

/** A number as the sum of two: Dekker (1971), doi:10.1007/BF01397083. */
type Double = readonly [high: number, low: number];

/** Splits a number of 53 bits into two halves. */
const SPLIT = 2 ** 27 + 1;

function ofThin(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): [number, number] {
  const [dx, dy, ex, ey] = [difference(bx, ax), difference(by, ay), difference(cx, ax), difference(cy, ay)];
  const [cross] = minus(product(dx, ey), product(dy, ex));
  const d = plus(product(dx, dx), product(dy, dy));
  const e = plus(product(ex, ex), product(ey, ey));
  const [x] = minus(product(ey, d), product(dy, e));
  const [y] = minus(product(dx, e), product(ex, d));
  return [x / (2 * cross), y / (2 * cross)];
}

function difference(a: number, b: number): Double {
  const high = a - b;
  const taken = a - high;
  return [high, a - (high + taken) + (taken - b)];
}

function plus([a, c]: Double, [b, d]: Double): Double {
  const sum = a + b;
  const added = sum - a;
  const lost = a - (sum - added) + (b - added) + c + d;
  const high = sum + lost;
  return [high, lost - (high - sum)];
}

const minus = (a: Double, [high, low]: Double): Double => plus(a, [-high, -low]);

function product([a, c]: Double, [b, d]: Double): Double {
  const rounded = a * b;
  const [aHigh, aLow] = halves(a);
  const [bHigh, bLow] = halves(b);
  const lost = aLow * bLow - (rounded - aHigh * bHigh - aLow * bHigh - aHigh * bLow) + (a * d + c * b);
  const high = rounded + lost;
  return [high, lost - (high - rounded)];
}

function halves(a: number): Double {
  const large = SPLIT * a;
  const high = large - (large - a);
  return [high, a - high];
}
