import * as z from "zod";
import { DriveshaftError } from "../errors.js";
import { NOWHERE } from "../geometry/geometry.js";
import type { Place, Places } from "../geometry/place.js";
import type { Report } from "../job/progress.js";
import { NULL_INT4, type Column, type NamedColumn } from "../table/column.js";
import type { Distinct } from "../table/distinct.js";
import { columnParameter } from "../table/kinds.js";
import { isNull, rawText, type Raw } from "../table/raw.js";
import { buildWeights, type BuiltWeights } from "../weights/build.js";
import {
  CELL_NAMES,
  selfParameter,
  transformParameter,
  weightsParameter,
  type WeightsParameter,
} from "../weights/parameter.js";
import type { Transform } from "../weights/transform.js";
import type { Weights } from "../weights/weights.js";

/** What was read of a table, as an input sees it; places under the name `place`. */
export interface Read {
  /** Number of rows. */
  n: number;
  parameters: Record<string, unknown>;
  /** What is asked for does without places. */
  placeless: boolean;
  /** The columns that a parameter, or a part of it, named. */
  named(parameter: string): NamedColumn[];
}

/** The same of the rows that are used, in canonical order, with what is made of it once for all inputs. */
export interface Used extends Read {
  /** The name of the analysis, for messages. */
  analysis: string;
  place(): Place;
  /** Weights by pairs of ids that came in a table beside these rows, where one of this name did. */
  pairs(table: string): Weights | undefined;
  /** What rows are of, where their ids repeat. */
  subjects(): Subjects;
  /** What was built of the weights, for the summary. */
  built?: BuiltWeights;
  /** What inputs have to say of the rows. */
  warnings: string[];
  report: Report;
}

/** What rows are of, where several are of the same; in canonical order. */
export interface Subjects extends Distinct {
  /** A row of each, as if these were all. */
  used: Used;
}

/** Something that an analysis needs of its rows. */
export interface Input<Value = unknown> {
  /** It reads an id that repeats, so that rows have no other. */
  repeats?: boolean;
  /** The parameters that ask for it, under the name of the input. */
  parameters(name: string): z.ZodRawShape;
  /** Whether a row can be used; absent where every one can. */
  usable?(name: string, read: Read): (row: number) => boolean;
  /** What `run` gets. */
  value(name: string, used: Used): Value;
}

export type ValuesOf<Inputs extends Record<string, Input>> = {
  [Name in keyof Inputs]: ReturnType<Inputs[Name]["value"]>;
};

export const inputParameters = (inputs: Record<string, Input>): z.ZodRawShape =>
  Object.assign({}, ...Object.entries(inputs).map(([name, input]) => input.parameters(name))) as z.ZodRawShape;

/** The numbers of a column that was read as such. */
const numbers = ({ column }: { column: Column }): Float64Array => (column as Column & { type: "float8" }).values;

/** What becomes of rows without a value: they are not used, or they are, with NaN. */
export interface Missing {
  missing?: "drop" | "keep";
}

function allFinite(name: string, read: Read): (row: number) => boolean {
  const columns = read.named(name).map(numbers);
  return (row) => columns.every((values) => Number.isFinite(values[row]));
}

/** A column of numbers, of shape (n,); rows where it is null or not finite are not used, unless they are kept. */
export const number = (description: string, { missing = "drop" }: Missing = {}): Input<Float64Array> => ({
  parameters: (name) => ({ [name]: columnParameter("number", description) }),
  ...(missing === "drop" && { usable: allFinite }),
  value: (name, used) => numbers(used.named(name)[0]!),
});

/** The same, undefined where the parameter is absent. */
export const numberIfAny = (description: string): Input<Float64Array | undefined> => ({
  parameters: (name) => ({ [name]: columnParameter("number", description).optional() }),
  usable: allFinite,
  value: (name, used) => used.named(name).map(numbers)[0],
});

/** A column of numbers, of which rows where it is 0 are not used either. */
export const numberNot0 = (description: string): Input<Float64Array> => ({
  ...number(description),
  usable(name, read) {
    const values = numbers(read.named(name)[0]!);
    return (row) => Number.isFinite(values[row]) && values[row] !== 0;
  },
});

const columns = (description: string, least: number, most: number): z.ZodArray<z.ZodString> =>
  z.array(columnParameter("number", "a column of numbers")).min(least).max(most).describe(description);

/** Several columns of numbers, each of shape (n,); a row without one of them is not used, unless it is kept. */
export const several = (
  description: string,
  least: number,
  most = 100,
  { missing = "drop" }: Missing = {},
): Input<Float64Array[]> => ({
  parameters: (name) => ({ [name]: columns(description, least, most) }),
  ...(missing === "drop" && { usable: allFinite }),
  value: (name, used) => used.named(name).map(numbers),
});

/** Two columns of numbers. */
export const two = (description: string): Input<[Float64Array, Float64Array]> => ({
  ...several(description, 2, 2),
  parameters: (name) => ({ [name]: columns(description, 2, 2) }),
  value(name, used) {
    const [first, second] = used.named(name);
    return [numbers(first!), numbers(second!)];
  },
});

/** Columns with what they are called. */
export const withNames = <Value>(input: Input<Value>): Input<{ names: string[]; values: Value }> => ({
  ...input,
  value: (name, used) => ({ names: used.named(name).map((column) => column.name), values: input.value(name, used) }),
});

interface IdRules {
  /** The rows must have an id. */
  needed: boolean;
  /** Those of a further table are the rows of the result. */
  identifies?: boolean;
}

export const idParameter = ({ needed, identifies = false }: IdRules): z.ZodType =>
  columnParameter("id", "column that identifies the rows, unique and not null", ["cartodb_id", "id"])
    .meta({ needed, ...(identifies && { identifies }) })
    .optional();

const geometryParameter = columnParameter("geometry", "column with the places: geometry, geography, WKB or GeoJSON", [
  "the_geom",
  "geom",
  "geometry",
]).optional();

const coordinateParameters = {
  x: columnParameter("number", "column with the x coordinate or longitude, instead of geometry").optional(),
  y: columnParameter("number", "column with the y coordinate or latitude, instead of geometry").optional(),
};

/**
 * The places of the rows, points and polygons; rows without one are not used.
 * @param kind what they must be, where not all kinds will do
 */
export const place = ({ kind }: { kind?: "points" | "polygons" } = {}): Input<Place> => ({
  parameters: () => ({ geometry: geometryParameter, ...(kind !== "polygons" && coordinateParameters) }),
  usable(_, { placeless, named }) {
    if (placeless) return () => true;
    const { kinds } = (named("place")[0]!.column as Places).geometry;
    return (row) => kinds[row] !== NOWHERE;
  },
  value(_, used) {
    const there = used.place();
    const wrong = kind === "points" ? there.hasPolygons : kind === "polygons" && there.hasPoints;
    if (!wrong) return there;
    const other = kind === "points" ? "polygons" : "points";
    throw new DriveshaftError("INVALID_GEOMETRY", `${used.analysis} needs ${kind}, but some rows have ${other}`, {
      hint:
        kind === "points"
          ? "Use ST_PointOnSurface(geom) or ST_Centroid(geom) in the query."
          : "Leave them out of the query, or use ST_Buffer(geom, radius) in it.",
    });
  },
});

/** The ids of the rows as texts, when they are called for; undefined where the rows have none. */
export const idTexts = (): Input<() => string[] | undefined> => ({
  parameters: () => ({}),
  value: (_, used) => () => {
    const [ids] = used.named("id");
    return ids && Array.from({ length: used.n }, (_, i) => rawText(ids.column as Raw, i));
  },
});

export interface WeightsOptions {
  transform: Transform;
  /** The transform is not a parameter. */
  fixed?: boolean;
  /** With a parameter `star`, whether locations count among their own neighbors. */
  star?: boolean;
}

/** Spatial weights: built from the places, or given. They go into the summary, with their warnings. */
export const spatialWeights = ({ transform, fixed = false, star = false }: WeightsOptions): Input<Weights> => ({
  parameters: (name) => ({
    ...(star && { star: selfParameter }),
    [name]: weightsParameter,
    ...(!fixed && { transform: transformParameter(transform) }),
  }),
  usable(name, read) {
    const cells = read.named(`${name}.cell`).map(({ column }) => column as Raw);
    return (row) => cells.every((column) => hasValue(column, row));
  },
  value(name, used) {
    const given = used.parameters as { transform?: Transform; star?: boolean } & Record<string, WeightsParameter>;
    const place = used.place();
    let isOfPlace = true;
    function beyondPlaces<Found>(found: Found): Found {
      isOfPlace = false;
      return found;
    }
    const pairs = used.pairs(name);
    const columnOf = (column: string): NamedColumn =>
      used.named(`${name}.column`).find((each) => each.name === column)!;
    const source = {
      n: used.n,
      place,
      labels: (column: string) => beyondPlaces(labels(columnOf(column))),
      cells: (column: string | undefined) => beyondPlaces(cellsOf(used, name, column)),
      given: pairs && beyondPlaces(pairs),
      progress: (share: number) => used.report("weights", share),
    };
    const known = pairs ? undefined : weightsOfPlace.get(place)?.get(name);
    used.built = known ?? buildWeights(given[name], source, fixed ? transform : given.transform!, star && given.star);
    if (isOfPlace) weightsOfPlace.set(place, new Map(weightsOfPlace.get(place)).set(name, used.built));
    return used.built.weights;
  },
});

/** Whether a row has something, be it no more than a letter. */
const hasValue = (column: Raw, row: number): boolean =>
  !isNull(column, row) && column.offsets[row + 1]! > column.offsets[row]!;

/** The ids of cells in a column; without a name, in one of those that are looked for, else in that of the ids. */
function cellsOf(used: Used, name: string, column: string | undefined): { ids: string[]; from: string } {
  const names = column === undefined ? CELL_NAMES : [column];
  const found = used.named(`${name}.cell`);
  const named = names.flatMap((one) => found.find((each) => each.name === one) ?? [])[0] ?? used.named("id")[0];
  if (!named) {
    const message = `no column has the cells: there is none of ${CELL_NAMES.join(", ")}, and no id`;
    throw new DriveshaftError("MISSING_COLUMN", message, { hint: `Name one with ${name}.cell.` });
  }
  const ids = Array.from({ length: used.n }, (_, i) => rawText(named.column as Raw, i).trim());
  return { ids, from: `the column ${JSON.stringify(named.name)}` };
}

/**
 * Weights that were made of a place alone, by the names of their inputs. A place is of one job, whose groups have the
 * same one where they have the same places.
 */
const weightsOfPlace = new WeakMap<Place, Map<string, BuiltWeights>>();

/**
 * A column of any type, as numbers from 0 that are equal where its values are, the first value that comes having the
 * lowest; NaN where a row has none. Shape (n,).
 */
export const label = (description: string): Input<Float64Array> => ({
  parameters: (name) => ({ [name]: columnParameter("label", description) }),
  value: (name, used) => labels(used.named(name)[0]!),
});

/**
 * The levels of a column within which values are drawn, from 0, undefined where the parameter is absent. Rows without a
 * value are a stratum of their own. Shape (n,).
 */
export const strata = (): Input<Int32Array | undefined> => ({
  parameters: (name) => ({
    [name]: columnParameter(
      "label",
      "column in whose levels values are drawn: each neighbor from the rows of its own level; default from all",
    ).optional(),
  }),
  value(name, used) {
    const [named] = used.named(name);
    if (!named) return undefined;
    const found = labels(named);
    const nulls = found.reduce((count, level) => count + Number(Number.isNaN(level)), 0);
    if (nulls > 0) used.warnings.push(`${nulls} rows have no value in ${named.name}; they are a stratum of their own`);
    // no number of a label is as large as that of rows
    return Int32Array.from(found, (level) => (Number.isNaN(level) ? used.n : level));
  },
});

/** Labels as numbers in the order of the rows used, since they were numbered in that in which rows came. */
function labels({ column }: NamedColumn): Float64Array {
  const numbers = new Map<number, number>([[NULL_INT4, NaN]]);
  return Float64Array.from((column as Column & { type: "int4" }).values, (label) => {
    const known = numbers.get(label) ?? numbers.size - 1;
    numbers.set(label, known);
    return known;
  });
}
