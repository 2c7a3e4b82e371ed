import * as z from "zod";
import type { Column } from "../table/column.js";
import type { Places } from "../geometry/place.js";
import type { Progress, Report } from "../job/progress.js";
import { idParameter, inputParameters, type Input, type ValuesOf } from "./inputs.js";
import { by, include, jobParameters } from "./parameters.js";
import type { Example } from "./example.js";
import { tableParameters, type FurtherTable, type TablesOf } from "./tables.js";
import { withVariables } from "./variables.js";

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

/** Whether a statistic of n rows is worth threads of its own. */
export const isWorthThreads = (n: number, permutations: number): boolean => n * permutations >= WORTH_THREADS;

/** What a statistic is computed with: the options of the same names, threads, and where its progress goes. */
export function statisticOptions<O extends { permutations: number }>(
  options: O,
  { n, threads, report }: Context,
): O & { threads: number; progress: Progress } {
  const worth = isWorthThreads(n, options.permutations);
  return { ...options, threads: worth ? threads : 1, progress: (share) => report("permutations", share) };
}

/** What a column of each type is computed as: an array, NaN or the null of its type where there is nothing. */
interface Arrays {
  float8: Float64Array;
  int4: Int32Array;
  text: { codes: Int32Array; labels: readonly (string | null)[] };
  geometry: Places;
  /** Numbers of the rows whose ids they are, -1 where there is none. */
  id: Int32Array;
}

/** And in a result of one row. */
interface Scalars {
  float8: number;
  int4: number;
  text: string | null;
  geometry: Places;
  id: number;
}

export type ColumnType = keyof Arrays;

/** What is declared of a column that an analysis returns. */
export interface ColumnSpec<
  Type extends ColumnType = ColumnType,
  Each extends string | undefined = string | undefined,
> {
  type: Type;
  description: string;
  /** Label of rows that were read but not used; null where there is none. */
  unused?: string;
  /** There is one for each element of this parameter, whose name is put after its own: `coefficient_income`. */
  each?: Each;
  /** Of ids: the further table that has them, where it is not the query. */
  of?: string;
}

interface More<Each> {
  unused?: string;
  each?: Each;
}

const spec =
  <Type extends ColumnType>(type: Type) =>
  <Each extends string | undefined = undefined>(
    description: string,
    more: More<Each> = {},
  ): ColumnSpec<Type, Each> => ({ type, description, ...more });

export const float8 = spec("float8");
export const int4 = spec("int4");
export const text = spec("text");
export const geometry = spec("geometry");

/** Ids of rows, as they are in the query or in a further table. */
export const ids = (description: string, of?: string): ColumnSpec<"id", undefined> => ({
  type: "id",
  description,
  ...(of !== undefined && { of }),
});

/**
 * What the rows of a result are. `each`: every row of the query, with its id. `any`: rows of the query in any order, a
 * row once, often or never, with its id. `one`: a single row. `several`: as many as the columns have.
 */
export type ResultRows = "each" | "any" | "one" | "several";

type Specs = Record<string, ColumnSpec>;

type ValueOf<Spec extends ColumnSpec, Rows extends ResultRows> = Rows extends "one"
  ? Scalars[Spec["type"]]
  : Arrays[Spec["type"]];

/** The columns that were declared, and no others. */
type Computed<Columns extends Specs, Rows extends ResultRows> = {
  [Name in keyof Columns]: Columns[Name] extends ColumnSpec<ColumnType, string>
    ? ValueOf<Columns[Name], Rows>[]
    : ValueOf<Columns[Name], Rows>;
};

type Origin<Rows extends ResultRows> = Rows extends "each"
  ? {
      /**
       * The rows used that are in the result; without, all that were read are, the unused ones too. Columns have a value
       * for each row used either way. In groups it is there for all of them, or for none.
       */
      rows?: Int32Array | undefined;
    }
  : Rows extends "any"
    ? {
        /** The row used that each row of the result is of; of a further table, its rows. */
        rows: Int32Array;
      }
    : unknown;

export interface Said {
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

/** What the rules of the pipeline are where an analysis does not say otherwise. */
interface Rules {
  /** Fewest rows that can be used, default 3. */
  leastRows?: number;
  /** The query may be without ids: then its rows are ordered by what they hold. Default false. */
  idOptional?: boolean;
}

/** An analysis as its file declares it. What `run` gets and must return follows from the declaration. */
export interface Declaration<
  Inputs extends Record<string, Input>,
  Tables extends Record<string, FurtherTable>,
  Options extends z.ZodRawShape,
  Columns extends Specs,
  Rows extends ResultRows,
> extends Rules {
  name: string;
  title: string;
  description: string;
  version: number;
  /** What is read of each row, by the parameters that name it. */
  inputs: Inputs;
  /** Further tables, each by a query of its own, the parameter of its name. */
  tables?: Tables;
  /** The other parameters. */
  options: Options;
  rows: Rows;
  /** With `any`: the further table whose rows they are, where it is not the query. */
  of?: Rows extends "any" ? keyof Tables & string : never;
  columns: Columns;
  /** Columns that identify the rows, beside the id where there is one; without, a result of rows of its own has none. */
  key?: (keyof Columns & string)[];
  example: Example<keyof Tables & string>;
  size: Size;
  /** What its time grows with beside rows, neighbors and permutations: terms, each a product of quantities. */
  cost?: string[][];
  run(
    inputs: ValuesOf<Inputs> & TablesOf<Tables>,
    options: z.infer<z.ZodObject<Options>>,
    context: Context,
  ): { columns: Computed<Columns, Rows> } & Origin<Rows> & Said;
}

/** What an analysis returned, whatever it is. */
export interface Output extends Said {
  /** By name; where there is one for each element of a parameter, under the names that these have. */
  columns: Record<string, Column>;
  rows?: Int32Array | undefined;
}

/** A column of a result, under the name that it has there. */
export interface ResultColumn extends ColumnSpec {
  name: string;
  /** Of an analysis of several results, the one that has it; or the parameter with which there is none. */
  output?: string;
  without?: string;
}

/**
 * An analysis as everything else knows it: the SQL catalogue, the checks of a request, the help of the command line and
 * the documentation's tables are derived from this or checked against it.
 */
export interface Analysis extends Required<Rules> {
  name: string;
  title: string;
  description: string;
  version: number;
  inputs: Record<string, Input>;
  tables: Record<string, FurtherTable>;
  /** All parameters: those of the inputs, the options, and those of every job. */
  parameters: z.ZodObject;
  rows: ResultRows;
  of: string | undefined;
  columns: ResultColumn[];
  key: string[];
  example: Example;
  size: Size;
  cost: string[][];
  /** Of several results, what is declared of each, beside that of the first. */
  outputs?: Choice[];
  run(inputs: Record<string, unknown>, options: Record<string, unknown>, context: Context): Output;
}

/** One of several results. */
export interface Choice {
  /** What asks for it, in words: `with output rows`. */
  when: string;
  isAsked(parameters: Record<string, unknown>): boolean;
  analysis: Analysis;
}

/** What is declared of the result that these parameters ask for. */
export const withOutput = (analysis: Analysis, parameters: Record<string, unknown>): Analysis =>
  analysis.outputs?.find(({ isAsked }) => isAsked(parameters))?.analysis ?? analysis;

/** Whether the rows of a result are rows that were read, so that what identifies and accompanies these goes along. */
export const hasIds = ({ rows }: Analysis): boolean => rows === "each" || rows === "any";

/** Keeps the types while an analysis is declared, and adds the parameters of every job. */
export function analysis<
  Inputs extends Record<string, Input>,
  Options extends z.ZodRawShape,
  Columns extends Specs,
  Rows extends ResultRows,
  // eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type -- without tables there is no name
  Tables extends Record<string, FurtherTable> = Record<never, FurtherTable>,
>(declaration: Declaration<Inputs, Tables, Options, Columns, Rows>): Analysis {
  const { inputs, options, columns, rows, of, key = [], cost = [], run, ...named } = declaration;
  const { leastRows = 3, idOptional = false } = declaration;
  const tables: Record<string, FurtherTable> = declaration.tables ?? {};
  const repeats = Object.values(inputs).some((input) => input.repeats);
  const specs = Object.entries(columns).map(([name, column]) => ({ name, ...column }));
  if (idOptional && specs.some((column) => column.type === "id" && column.of === undefined)) {
    throw new Error(`${declaration.name} returns ids of rows that may be without: leave idOptional out`);
  }
  return {
    ...named,
    leastRows,
    idOptional,
    inputs,
    tables,
    rows,
    of,
    columns: specs,
    key,
    cost,
    parameters: z.strictObject(
      parametersOf(
        declaration.name,
        repeats ? {} : { id: idParameter({ needed: !idOptional }) },
        withVariables(inputParameters(inputs)),
        tableParameters(tables, of, Object.keys(inputParameters(inputs))),
        options,
        { by, ...(["each", "any"].includes(rows) && of === undefined && { include }), ...jobParameters },
      ),
    ),
    run(values, given, context) {
      const { columns: computed, ...output } = run(
        values as ValuesOf<Inputs> & TablesOf<Tables>,
        given as z.infer<z.ZodObject<Options>>,
        context,
      );
      const made = specs.flatMap((each) => namedColumns(each, given, computed[each.name]));
      return { ...output, columns: Object.fromEntries(made) };
    },
  };
}

/** All parameters, each of which is asked for once. */
function parametersOf(name: string, ...parts: z.ZodRawShape[]): z.ZodRawShape {
  const all: [string, z.ZodRawShape[string]][] = parts.flatMap((part) => Object.entries(part));
  const names = all.map(([parameter]) => parameter);
  const twice = names.find((parameter, i) => names.indexOf(parameter) < i);
  if (twice !== undefined) throw new Error(`${name} has two parameters ${twice}`);
  return Object.fromEntries(all);
}

/** The names that a declared column has in a result: one for each element of the parameter that it says. */
export const namesOf = ({ name, each }: ResultColumn, parameters: Record<string, unknown>): string[] =>
  each === undefined ? [name] : ((parameters[each] ?? []) as string[]).map((element) => `${name}_${element}`);

/** What a declared column is called where its names are not known yet. */
export const genericName = ({ name, each }: ResultColumn): string => (each === undefined ? name : `${name}_<${each}>`);

/** The columns of a result with these parameters. */
export const columnsWith = (analysis: Analysis, parameters: Record<string, unknown>): ResultColumn[] =>
  withOutput(analysis, parameters).columns.flatMap((column) =>
    namesOf(column, parameters).map((name) => ({ ...column, name })),
  );

function namedColumns(spec: ResultColumn, parameters: Record<string, unknown>, computed: unknown): [string, Column][] {
  if (spec.each === undefined) return [[spec.name, columnOf(spec.type, computed)]];
  const columns = computed as unknown[];
  return namesOf(spec, parameters).map((name, i) => [name, columnOf(spec.type, columns[i])]);
}

/** A column of what was computed: an array, or the value of a single row. */
function columnOf(type: ColumnType, computed: unknown): Column {
  switch (type) {
    case "float8":
      return { type, values: typeof computed === "number" ? Float64Array.of(computed) : (computed as Float64Array) };
    case "int4":
    case "id":
      return {
        type: "int4",
        values: typeof computed === "number" ? Int32Array.of(computed) : (computed as Int32Array),
      };
    case "text":
      if (typeof computed !== "object" || computed === null) {
        return { type, codes: Int32Array.of(0), labels: [computed as string | null] };
      }
      return { type, ...(computed as Arrays["text"]) };
    case "geometry":
      return computed as Places;
  }
}
