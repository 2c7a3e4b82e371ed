import { DriveshaftError } from "../errors.js";
import { sortedBy } from "../weights/given.js";

/** What becomes of a place and step that no row is of. */
export const fills = ["zero", "previous", "mean"] as const;
export type Fill = (typeof fills)[number];

/** Places times steps, at most. */
export const MOST_CELLS = 10_000_000;

/** Rows of places at steps, each numbered from 0; i32 of shape (rows,). */
export interface CubeRows {
  places: number;
  steps: number;
  place: Int32Array;
  step: Int32Array;
  /** f64 of shape (rows,), finite; without, each row is an event and counts 1. */
  values?: Float64Array | undefined;
  /** How messages name a place. */
  nameOf?(place: number): string;
}

export interface Cube {
  /** The value of place i at step t is values[i * steps + t]. */
  values: Float64Array;
  /** How many of them no row is of. */
  absent: number;
}

/** @throws INVALID_PARAMETER where there are too many cells */
export function checkCube(places: number, steps: number): void {
  const cells = places * steps;
  if (cells <= MOST_CELLS) return;
  const text = (count: number): string => count.toLocaleString("en-US");
  throw new DriveshaftError(
    "INVALID_PARAMETER",
    `the cube would have ${text(cells)} cells, ${text(places)} places at ${text(steps)} steps, ` +
      `at most ${text(MOST_CELLS)}`,
    { hint: "Make steps longer, or places fewer." },
  );
}

/**
 * A space-time cube: the sum of the values of each place at each step, or the number of its events. The sums do not
 * depend on the order of the rows.
 * @param fill what a place and step without a row has; of events it is 0
 * @throws INVALID_PARAMETER where there are too many cells, or values are missing that nothing fills
 */
export function spaceTimeCube(rows: CubeRows, fill?: Fill): Cube {
  const { places, steps, place, step, values } = rows;
  checkCube(places, steps);
  const cells = places * steps;
  const cellOf = (row: number): number => place[row]! * steps + step[row]!;
  const counts = new Int32Array(cells);
  for (let row = 0; row < place.length; row++) counts[cellOf(row)]!++;
  const absent = counts.reduce((sum, count) => sum + Number(count === 0), 0);
  if (!values) return { values: new Float64Array(counts), absent };
  if (absent > 0 && !fill) throw missing(rows, counts, absent);
  const sums = addUp(values, cellOf, counts);
  if (fill === "previous" || fill === "mean") fillIn(sums, counts, steps, fill);
  return { values: sums, absent };
}

function missing({ steps, nameOf = String }: CubeRows, counts: Int32Array, absent: number): DriveshaftError {
  const first = counts.indexOf(0);
  const named = `${nameOf(Math.floor(first / steps))} at step ${(first % steps) + 1}`;
  return new DriveshaftError(
    "INVALID_PARAMETER",
    `${absent} of ${counts.length} cells of the cube have no row, such as that of ${named}`,
    { hint: `Say what they have with the parameter fill: ${fills.join(", ")}.` },
  );
}

function addUp(values: Float64Array, cellOf: (row: number) => number, counts: Int32Array): Float64Array {
  const sums = new Float64Array(counts.length);
  if (counts.every((count) => count <= 1)) {
    for (let row = 0; row < values.length; row++) sums[cellOf(row)] = values[row]!;
    return sums;
  }
  const { order, offsets } = sortedBy(
    new Int32Array(values.length).map((_, row) => row),
    cellOf,
    counts.length,
  );
  const sorted = Float64Array.from(order, (row) => values[row]!);
  for (let cell = 0; cell < sums.length; cell++) {
    // ascending, so that the sum is the same whatever the order of the rows
    const own = sorted.subarray(offsets[cell], offsets[cell + 1]).sort();
    for (const value of own) sums[cell]! += value;
  }
  return sums;
}

/** With the value of the step before, or of the first step that has one; or with the mean of the place's others. */
function fillIn(values: Float64Array, counts: Int32Array, steps: number, fill: "previous" | "mean"): void {
  for (let begin = 0; begin < values.length; begin += steps) {
    const there = counts.subarray(begin, begin + steps);
    const own = values.subarray(begin, begin + steps);
    let value = own[there.findIndex((count) => count > 0)]!;
    if (fill === "mean")
      value = own.reduce((a, b) => a + b, 0) / there.reduce((sum, count) => sum + Number(count > 0), 0);
    for (let t = 0; t < steps; t++) {
      if (there[t] === 0) own[t] = value;
      else if (fill === "previous") value = own[t]!;
    }
  }
}
