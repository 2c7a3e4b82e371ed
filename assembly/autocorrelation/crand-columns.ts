/**
 * The columns of conditional permutation with a shared reference, for statistics of the kind of form.ts: the attributes
 * of the ids drawn, of the first k ids together where weights are equal in each row, of every id where they are not.
 * All locations share them, and read them contiguously.
 */
import { createDraws, draw, Draws, index, largestOf, numberCardinalities, share } from "./draws";
import { Formed, prepareForm } from "./form";
import { meet } from "./barrier";

export class Columns extends Formed {
  draws!: Draws;
  /**
   * Groups of columns: the rows of the cardinalities, or the places of the ids; columns[(group * count + a) * block +
   * p].
   */
  groups: i32 = 0;
  row!: Int32Array;
  columns!: Float64Array;
}

/** @param tolerance how far statistics that tie may differ, by location */
export function prepareColumns(
  c: Columns,
  attributes: Float64Array,
  coefficients: Float64Array,
  offsets: Int32Array,
  neighbors: Int32Array,
  weights: Float64Array | null,
  permutations: i32,
  seed: f64,
  tolerance: Float64Array,
  threads: i32,
  product: bool,
): void {
  const n = offsets.length - 1;
  prepareForm(c, attributes, coefficients, offsets, neighbors, weights, tolerance, threads, product);
  const largest = largestOf(offsets);
  c.row = new Int32Array(largest + 1);
  const rows = numberCardinalities(offsets, c.row);
  c.groups = weights == null ? rows : largest;
  c.draws = createDraws(n, largest, permutations, seed, threads, <i64>c.groups * c.count * 8);
  c.columns = new Float64Array(c.groups * c.count * c.draws.block);
}

/** Draws the block of permutations that begins with `first` and fills its columns; all threads call it together. */
export function fillColumns(c: Columns, first: i32, size: i32, thread: i32): void {
  const begin = share(size, thread, c.threads);
  const end = share(size, thread + 1, c.threads);
  draw(c.draws, first, begin, end, thread);
  if (c.weights == null) addUp(c, begin, end);
  else lookUp(c, begin, end);
  meet(c.barrier, c.threads);
  if (thread == 0) index(c.draws, size);
}

/** Columns of equal weights: sums over the first k ids, for each k that occurs. */
function addUp(c: Columns, begin: i32, end: i32): void {
  const n = c.observed.length;
  const block = c.draws.block;
  const ids = c.draws.ids;
  const row = c.row;
  const columns = c.columns;
  for (let a = 0; a < c.count; a++) {
    for (let p = begin; p < end; p++) {
      let sum = 0.0;
      for (let j = 0; j < c.draws.largest; j++) {
        sum += unchecked(c.attributes[a * n + unchecked(ids[j * block + p])]);
        const group = unchecked(row[j + 1]);
        if (group >= 0) unchecked((columns[(group * c.count + a) * block + p] = sum));
      }
    }
  }
}

/** Columns of unequal weights: the attributes of each id. */
function lookUp(c: Columns, begin: i32, end: i32): void {
  const n = c.observed.length;
  const block = c.draws.block;
  const ids = c.draws.ids;
  for (let j = 0; j < c.draws.largest; j++) {
    for (let a = 0; a < c.count; a++) {
      const column = (j * c.count + a) * block;
      for (let p = begin; p < end; p++) {
        unchecked((c.columns[column + p] = c.attributes[a * n + unchecked(ids[j * block + p])]));
      }
    }
  }
}
