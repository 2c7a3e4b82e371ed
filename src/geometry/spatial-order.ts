/** Cells along a side of the grid at most, as a power of two. */
const MOST_BITS = 12;

/**
 * An order of points in which those that follow each other are near each other: along the curve of Hilbert (1891),
 * doi:10.1007/BF01199431, through a grid of about as many cells as there are points. What goes through points and
 * their neighbors in this order finds them in the cache. Points of one cell keep their order.
 * @param xs f64 of shape (n,), finite
 * @param ys f64 of shape (n,), finite
 * @returns order[p] is the point at place p
 */
export function spatialOrder(xs: Float64Array, ys: Float64Array): Int32Array {
  const n = xs.length;
  const bits = Math.min(MOST_BITS, Math.ceil(Math.log2(Math.max(2, n)) / 2));
  const columns = cellsOf(xs, bits);
  const rows = cellsOf(ys, bits);
  const begins = new Int32Array(4 ** bits + 1);
  const places = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const place = placeAlong(columns[i]!, rows[i]!, bits);
    places[i] = place;
    begins[place + 1]!++;
  }
  for (let place = 1; place < begins.length; place++) begins[place]! += begins[place - 1]!;
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) order[begins[places[i]!]!++] = i;
  return order;
}

/** The cell of each coordinate, from 0 to 2^bits - 1. */
function cellsOf(values: Float64Array, bits: number): Int32Array {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const cells = new Int32Array(values.length);
  if (least === most) return cells;
  const last = 2 ** bits - 1;
  const perUnit = (last + 1) / (most - least);
  for (let i = 0; i < values.length; i++) cells[i] = Math.min(last, (values[i]! - least) * perUnit);
  return cells;
}

/** How far along the curve a cell is: at each level the quarter that it is in, in a square turned as the curve goes. */
function placeAlong(column: number, row: number, bits: number): number {
  let x = column;
  let y = row;
  let place = 0;
  for (let level = bits - 1; level >= 0; level--) {
    const right = (x >> level) & 1;
    const upper = (y >> level) & 1;
    place = 4 * place + ((3 * right) ^ upper);
    const rest = (1 << level) - 1;
    x &= rest;
    y &= rest;
    if (upper === 0) {
      const other = right === 1 ? rest - x : x;
      x = right === 1 ? rest - y : y;
      y = other;
    }
  }
  return place;
}
