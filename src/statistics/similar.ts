import { DriveshaftError } from "../errors.js";
import { checkColumns, standardisedColumns } from "./columns.js";
import { firstComponents } from "./components.js";

export const similarityMethods = ["standardized", "pca"] as const;

/** What distances are of: standardised columns, or their first principal components. */
export type SimilarityMethod = (typeof similarityMethods)[number];

export interface Similar {
  /** By distance from 1, of equally distant rows in their order; 0 of the references, i32 of shape (n,). */
  ranks: Int32Array;
  /** Distance to the nearest of the references, in standard deviations, f64 of shape (n,). */
  distances: Float64Array;
  /** The row of that reference, of equally near ones the first, i32 of shape (n,). */
  nearest: Int32Array;
  /** By column, its share of the squared distance, NaN where there is none, f64 of shape (n,) each. */
  contributions: Float64Array[];
  /** With pca: how many components distances are of, and their share of the variance. */
  components?: { count: number; explained: number };
}

/**
 * How much rows are like the nearest of some reference rows, by columns of numbers with mean 0 and population sd 1.
 * @param columns each f64 of shape (n,), finite, not constant
 * @param references numbers of the reference rows
 * @param options.method default standardized
 * @param options.explained share of the variance that components explain with pca, above 0, at most 1, default 0.9
 * @param options.names of the columns, for messages
 * @throws CONSTANT_VALUES, INVALID_PARAMETER
 */
export function similar(
  columns: Float64Array[],
  references: readonly number[],
  options: { method?: SimilarityMethod; explained?: number; names?: string[] } = {},
): Similar {
  const { method = "standardized", explained = 0.9, names = columns.map((_, a) => `columns[${a}]`) } = options;
  checkColumns(columns, names);
  const n = columns[0]!.length;
  checkReferences(references, n);
  if (!(explained > 0 && explained <= 1)) {
    throw new DriveshaftError("INVALID_PARAMETER", `explained is ${explained}, expected a share above 0, at most 1`);
  }
  const z = standardisedColumns(columns, names).map((column) => column.z);
  const components = method === "pca" ? firstComponents(z, explained) : undefined;
  const compared = components?.columns ?? z;
  const { squares, nearest } = nearestOf(compared, Int32Array.from(new Set(references)).sort());
  return {
    ranks: ranksOf(squares, new Set(references)),
    distances: squares.map(Math.sqrt),
    nearest,
    contributions: compared.map((column) =>
      column.map((value, i) => square(value - column[nearest[i]!]!) / squares[i]!),
    ),
    ...(components && { components: { count: components.count, explained: components.explained } }),
  };
}

/** A power is not the same in every engine. */
const square = (value: number): number => value * value;

function checkReferences(references: readonly number[], n: number): void {
  if (references.length === 0) throw new DriveshaftError("INVALID_PARAMETER", "there are no references");
  const wrong = references.find((row) => !(Number.isInteger(row) && row >= 0 && row < n));
  if (wrong === undefined) return;
  throw new DriveshaftError("INVALID_PARAMETER", `a reference is ${wrong}, expected a row from 0 to ${n - 1}`);
}

/** By row, the reference that is nearest, and the squared distance to it. */
function nearestOf(columns: Float64Array[], references: Int32Array): { squares: Float64Array; nearest: Int32Array } {
  const n = columns[0]!.length;
  const least = new Float64Array(n).fill(Infinity);
  const nearest = new Int32Array(n);
  const squares = new Float64Array(n);
  for (const reference of references) {
    squares.fill(0);
    for (const column of columns) {
      const own = column[reference]!;
      for (let i = 0; i < n; i++) squares[i]! += square(column[i]! - own);
    }
    for (let i = 0; i < n; i++) {
      if (squares[i]! >= least[i]!) continue;
      least[i] = squares[i]!;
      nearest[i] = reference;
    }
  }
  return { squares: least, nearest };
}

/** The rank of each row but the references, which have 0; equal values in the order of the rows. */
function ranksOf(values: Float64Array, references: Set<number>): Int32Array {
  const others = new Int32Array(values.length).map((_, i) => i).filter((i) => !references.has(i));
  const ranks = new Int32Array(values.length);
  others.sort((i, j) => values[i]! - values[j]! || i - j).forEach((row, place) => (ranks[row] = place + 1));
  return ranks;
}
