import { DriveshaftError } from "../errors.js";
import { growFloat64, growInt32 } from "../table/growable.js";
import { tinOf } from "./tin.js";

/** Points of a surface, of each place once. */
export interface Densified {
  xs: Float64Array;
  ys: Float64Array;
  /** Of several points at one place the mean. */
  values: Float64Array;
  /** When each was added, 0 for those that were there; i32. */
  iterations: Int32Array;
  /** How many of the points given coincide with one before. */
  coincident: number;
}

/** Iterations at most, each of which makes three points of one. */
export const MOST_ITERATIONS = 10;

/** Points there may be at the end, about. */
const MOST_POINTS = 20_000_000;

/**
 * Adds to points the centroids of their Delaunay triangles, with the mean of the values at the corners, and that again,
 * iteration by iteration.
 * @param xs f64 of shape (n,), finite
 * @param ys f64 of shape (n,), finite
 * @param values f64 of shape (n,), finite
 * @param options.iterations 0 to 10, default 1
 * @throws INVALID_PARAMETER; INVALID_GEOMETRY where all points lie on a line
 */
export function densify(
  xs: Float64Array,
  ys: Float64Array,
  values: Float64Array,
  options: { iterations?: number } = {},
): Densified {
  const { iterations = 1 } = options;
  check(xs.length, iterations);
  const first = tinOf(xs, ys, values);
  const all = { xs: growFloat64(), ys: growFloat64(), values: growFloat64(), iterations: growInt32() };
  function add(x: number, y: number, value: number, iteration: number): void {
    all.xs.push(x);
    all.ys.push(y);
    all.values.push(value);
    all.iterations.push(iteration);
  }
  first.triangulation.corners.forEach((corner, i) => {
    if (corner === i) add(xs[i]!, ys[i]!, first.values[i]!, 0);
  });
  for (let iteration = 1; iteration <= iterations; iteration++) {
    const [px, py] = [all.xs.take(), all.ys.take()];
    const { triangulation, values: at } = tinOf(px, py, all.values.take());
    const { triangles } = triangulation;
    for (let t = 0; t < triangles.length; t += 3) {
      const [a, b, c] = [triangles[t]!, triangles[t + 1]!, triangles[t + 2]!];
      const mean = (of: Float64Array): number => (of[a]! + of[b]! + of[c]!) / 3;
      add(mean(px), mean(py), mean(at), iteration);
    }
  }
  return {
    xs: all.xs.take(),
    ys: all.ys.take(),
    values: all.values.take(),
    iterations: all.iterations.take(),
    coincident: first.coincident,
  };
}

function check(n: number, iterations: number): void {
  if (!Number.isInteger(iterations) || iterations < 0 || iterations > MOST_ITERATIONS) {
    const message = `iterations is ${iterations}, expected a whole number from 0 to ${MOST_ITERATIONS}`;
    throw new DriveshaftError("INVALID_PARAMETER", message);
  }
  const about = n * 3 ** iterations;
  if (iterations === 0 || about <= MOST_POINTS) return;
  const message = `iterations is ${iterations}, which makes about ${about} points of ${n}, more than ${MOST_POINTS}`;
  throw new DriveshaftError("INVALID_PARAMETER", message, {
    hint: "Each iteration makes three points of one: use fewer.",
  });
}
