import type * as z from "zod";
import { include, jobParameters } from "./parameters.js";
import type { ColumnData, ColumnSpec } from "../table/columns.js";
import type { Geometry } from "../geometry/geometry.js";
import type { Progress } from "../job/progress.js";
import type { Weights } from "../weights/weights.js";

/** Tells what is being done, and the share of it done, 0 to 1. */
export type Report = (phase: string, share: number) => void;

/** The usable rows, in canonical order. */
export interface Input {
  n: number;
  geometry: Geometry;
  /** Coordinates are longitudes and latitudes by their type; measuring them in the plane is then an error. */
  geography: boolean;
  /** Numbers by the parameter that names their column; see severalValues for one that names several. */
  values: Record<string, Float64Array>;
  /** Labels by the name of their column: equal ones as equal numbers, NaN where a row has none. */
  labels: Record<string, Float64Array>;
  /** Weights that were given with the query. */
  given?: Weights | undefined;
  /** Threads that a statistic may use. */
  threads: number;
}

/** Where a statistic has fewer values to draw, starting threads takes longer than they save. */
const WORTH_THREADS = 20_000_000;

/** What a statistic is computed with: the parameters of the same names, threads, and where its progress goes. */
export function statisticOptions<P extends { permutations: number }>(
  parameters: P,
  { n, threads }: Input,
  report: Report,
): P & { threads: number; progress: Progress } {
  const worth = n * parameters.permutations >= WORTH_THREADS;
  return { ...parameters, threads: worth ? threads : 1, progress: (share) => report("permutations", share) };
}

export interface Output {
  /** The declared columns, by name. */
  columns: Record<string, ColumnData>;
  /** What a person wants to know at once; kept with the job. */
  summary: Record<string, unknown>;
  warnings: string[];
  /** By row: 1 where it belongs into the result. Without, all do, and the unused ones too. */
  keep?: Uint8Array | undefined;
  /** Of an analysis of pairs: the rows of each. */
  pairs?: Pairs | undefined;
}

/** Pairs of rows. */
export interface Pairs {
  focal: Int32Array;
  neighbor: Int32Array;
}

/** The columns of a parameter that names several. */
export function severalValues({ values }: Input, parameter: string): Float64Array[] {
  const several = [];
  for (let i = 0; values[`${parameter}.${i}`]; i++) several.push(values[`${parameter}.${i}`]!);
  return several;
}

/**
 * An analysis, declared once: the SQL catalogue, the checks of a request, the help of the command line and the
 * documentation's tables are derived from this or checked against it.
 */
export interface Analysis<Parameters extends z.ZodObject = z.ZodObject> {
  name: string;
  title: string;
  description: string;
  version: number;
  parameters: Parameters;
  /**
   * `each`: a result row for every row read, with its id. `one`: a single row. `several`: as many as its columns have.
   * `pairs`: a row for every pair of neighbors, with the ids of both as `focal` and `neighbor`.
   */
  rows: "each" | "one" | "several" | "pairs";
  columns: ColumnSpec[];
  /**
   * What its function on AWS Lambda needs: `light`, little more than its rows; `standard`, one processor; `heavy`, two, as
   * every permutation goes through all rows.
   */
  size: "light" | "standard" | "heavy";
  /** Whether a row with numbers can be used; without, every one can. */
  usable?(values: Record<string, Float64Array>, row: number): boolean;
  run(input: Input, parameters: z.infer<Parameters>, report: Report): Output;
}

/** Keeps the type of the parameters while an analysis is declared, and adds those of every job. */
export function analysis<Parameters extends z.ZodObject>(declaration: Analysis<Parameters>): Analysis {
  const parameters = declaration.parameters.extend({
    ...(declaration.rows === "each" && { include }),
    ...jobParameters,
  });
  return { ...(declaration as unknown as Analysis), parameters };
}
