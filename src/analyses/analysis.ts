import * as z from "zod";
import type { Column } from "../table/column.js";
import type { Geometry } from "../geometry/geometry.js";
import type { Progress, Report } from "../job/progress.js";
import { inputParameters, type Input, type ValuesOf } from "./inputs.js";
import { include, jobParameters } from "./parameters.js";

/** What a computation has beside its inputs and options. */
export interface Context {
  /** Number of rows used. */
  n: number;
  /** Threads that a statistic may use. */
  threads: number;
  report: Report;
}

/** Where a statistic has fewer values to draw, starting threads takes longer than they save. */
const WORTH_THREADS = 20_000_000;

/** What a statistic is computed with: the options of the same names, threads, and where its progress goes. */
export function statisticOptions<O extends { permutations: number }>(
  options: O,
  { n, threads, report }: Context,
): O & { threads: number; progress: Progress } {
  const worth = n * options.permutations >= WORTH_THREADS;
  return { ...options, threads: worth ? threads : 1, progress: (share) => report("permutations", share) };
}

/** What a column of each type is computed as: an array, NaN or the null of its type where there is nothing. */
interface Arrays {
  float8: Float64Array;
  int4: Int32Array;
  text: { codes: Int32Array; labels: readonly (string | null)[] };
  geometry: Geometry;
}

/** And in a result of one row. */
interface Scalars {
  float8: number;
  int4: number;
  text: string | null;
  geometry: Geometry;
}

export type ColumnType = keyof Arrays;

/** What is declared of a column that an analysis returns. */
export interface ColumnSpec<Type extends ColumnType = ColumnType> {
  type: Type;
  description: string;
  /** Label of rows that were read but not used; null where there is none. */
  unused?: string;
}

const spec =
  <Type extends ColumnType>(type: Type) =>
  (description: string, more: { unused?: string } = {}): ColumnSpec<Type> => ({ type, description, ...more });

export const float8 = spec("float8");
export const int4 = spec("int4");
export const text = spec("text");

/**
 * What the rows of a result are. `each`: every row read, with its id. `one`: a single row. `several`: as many as the
 * columns have. `pairs`: pairs of neighbors, with the ids of both as `focal` and `neighbor`.
 */
export type ResultRows = "each" | "one" | "several" | "pairs";

/** Pairs of rows. */
export interface Pairs {
  focal: Int32Array;
  neighbor: Int32Array;
}

type Specs = Record<string, ColumnSpec>;

/** The columns that were declared, and no others. */
type Computed<Columns extends Specs, Rows extends ResultRows> = {
  [Name in keyof Columns]: Rows extends "one" ? Scalars[Columns[Name]["type"]] : Arrays[Columns[Name]["type"]];
};

type Origin<Rows extends ResultRows> = Rows extends "each"
  ? {
      /** The rows used that are in the result; without, all that were read are, the unused ones too. */
      rows?: Int32Array | undefined;
    }
  : Rows extends "pairs"
    ? { pairs: Pairs }
    : unknown;

interface Said {
  /** What a person wants to know at once; kept with the job. */
  summary?: Record<string, unknown>;
  warnings?: string[];
}

/** What an analysis needs of its function on AWS Lambda. */
export type Size =
  /** Little more than its rows. */
  | "light"
  /** One processor. */
  | "standard"
  /** Two, as every permutation goes through all rows. */
  | "heavy";

/** An analysis as its file declares it. What `run` gets and must return follows from the declaration. */
export interface Declaration<
  Inputs extends Record<string, Input>,
  Options extends z.ZodRawShape,
  Columns extends Specs,
  Rows extends ResultRows,
> {
  name: string;
  title: string;
  description: string;
  version: number;
  /** What is read of each row, by the parameters that name it. */
  inputs: Inputs;
  /** The other parameters. */
  options: Options;
  rows: Rows;
  columns: Columns;
  size: Size;
  run(
    inputs: ValuesOf<Inputs>,
    options: z.infer<z.ZodObject<Options>>,
    context: Context,
  ): { columns: Computed<Columns, Rows> } & Origin<Rows> & Said;
}

/** What an analysis returned, whatever it is. */
export interface Output extends Said {
  columns: Record<string, Column>;
  rows?: Int32Array | undefined;
  pairs?: Pairs | undefined;
}

/**
 * An analysis as everything else knows it: the SQL catalogue, the checks of a request, the help of the command line and
 * the documentation's tables are derived from this or checked against it.
 */
export interface Analysis {
  name: string;
  title: string;
  description: string;
  version: number;
  inputs: Record<string, Input>;
  /** All parameters: those of the inputs, the options, and those of every job. */
  parameters: z.ZodObject;
  rows: ResultRows;
  columns: (ColumnSpec & { name: string })[];
  size: Size;
  run(inputs: Record<string, unknown>, options: Record<string, unknown>, context: Context): Output;
}

/** Keeps the types while an analysis is declared, and adds the parameters of every job. */
export function analysis<
  Inputs extends Record<string, Input>,
  Options extends z.ZodRawShape,
  Columns extends Specs,
  Rows extends ResultRows,
>(declaration: Declaration<Inputs, Options, Columns, Rows>): Analysis {
  const { inputs, options, columns, rows, run, ...named } = declaration;
  const specs = Object.entries(columns).map(([name, column]) => ({ name, ...column }));
  return {
    ...named,
    inputs,
    rows,
    columns: specs,
    parameters: z.strictObject({
      ...inputParameters(inputs),
      ...options,
      ...(rows === "each" && { include }),
      ...jobParameters,
    }),
    run(values, given, context) {
      const { columns: computed, ...output } = run(
        values as ValuesOf<Inputs>,
        given as z.infer<z.ZodObject<Options>>,
        context,
      );
      const made = specs.map(({ name, type }) => [name, columnOf(type, computed[name])] as const);
      return { ...output, columns: Object.fromEntries(made) };
    },
  };
}

/** A column of what was computed: an array, or the value of a single row. */
function columnOf(type: ColumnType, computed: unknown): Column {
  switch (type) {
    case "float8":
      return { type, values: typeof computed === "number" ? Float64Array.of(computed) : (computed as Float64Array) };
    case "int4":
      return { type, values: typeof computed === "number" ? Int32Array.of(computed) : (computed as Int32Array) };
    case "text":
      if (typeof computed !== "object" || computed === null) {
        return { type, codes: Int32Array.of(0), labels: [computed as string | null] };
      }
      return { type, ...(computed as Arrays["text"]) };
    case "geometry":
      return { type, geometry: computed as Geometry, srid: 0, geography: false };
  }
}
