import type { Analysis } from "../analyses/analysis.js";
import { parameterSchema, type ParameterSchema } from "../analyses/check-parameters.js";
import { DriveshaftError } from "../errors.js";
import type { ColumnKind } from "../table/kinds.js";
import type { Reading, SourceColumn } from "./source.js";

/** What a job reads of a source, and what for. */
export interface ColumnChoice {
  /** The id comes first, then the place, what parameters name, and what is included. */
  readings: Reading[];
  /** The name of the id column. */
  id: string;
  /** By reading: the parameter that asks for it, or `id`, `place` or `include`; and the name of its column. */
  parameters: string[];
  names: string[];
}

/** What a column of each kind may be, as messages say it; the SQL layer says the same. */
export const expectedTypes: Record<ColumnKind, string> = {
  id: "a type that can be a primary key",
  number: "a number: smallint, integer, bigint, real, double precision or numeric",
  label: "any type",
  geometry: "geometry, geography, bytea (WKB), or text, json or jsonb (GeoJSON)",
};

/** Columns that every table has already. */
const SYSTEM = ["ctid", "xmin", "cmin", "xmax", "cmax", "tableoid"];

/** Columns of a table, at most. */
const MOST_COLUMNS = 1600;

/** A column that is looked for, by names of which the first that is there counts. */
interface Wanted {
  parameter: string;
  kind: ColumnKind;
  names: string[];
  /** Given, not a default. */
  named: boolean;
}

/** What parameters ask of the rows. */
interface Asked {
  columns: Wanted[];
  /** What needs polygons, as messages say it. */
  polygons: string[];
}

/**
 * Finds the columns that parameters name, or those with default names. The SQL layer makes the same checks, in the same
 * order (sql/functions/check_columns.sql).
 * @throws MISSING_COLUMN with the columns there are, WRONG_COLUMN_TYPE, INVALID_PARAMETER for half a pair of
 * coordinates, for contiguity of points, and for columns that the result cannot have
 */
export function chooseColumns(
  analysis: Analysis,
  parameters: Record<string, unknown>,
  columns: SourceColumn[],
): ColumnChoice {
  const { properties } = parameterSchema(analysis) as { properties: Record<string, ParameterSchema> };
  const there = `the columns are: ${columns.map((column) => column.name).join(", ") || "none"}`;
  const at = (name: string): number => columns.findIndex((column) => column.name === name);
  const asked = askedOf(properties, parameters);
  const found: { parameter: string; kind: ColumnKind; index: number }[] = [];
  for (const { parameter, kind, names, named } of asked.columns) {
    const index = names.map(at).find((place) => place >= 0);
    if (index !== undefined) found.push({ parameter, kind, index: checkKind(columns, index, kind, parameter) });
    else if (named) throw missing(names[0]!, parameter, there);
  }
  const placed = Object.fromEntries(found.map(({ parameter, index }) => [parameter, index]));

  // what a column holds shows only in the values of a file, which may number its rows, too
  const typed = columns.some(({ kinds }) => kinds);
  if (placed.id === undefined && typed) {
    const message = `the query has no id column: there is none of ${properties.id!.defaults!.join(", ")}`;
    throw new DriveshaftError("MISSING_COLUMN", message, { hint: `Name one with the parameter id; ${there}.` });
  }
  const place = placeOf(placed, properties, there);
  if ("x" in place && asked.polygons.length > 0) {
    throw invalid(`${asked.polygons[0]} needs polygons, but x and y are points`, POINTS_ADVICE);
  }
  const id = placed.id === undefined ? { name: "id", type: "text" } : columns[placed.id]!;
  refuseCode(id);
  const included = analysis.rows === "each" ? includedColumns(analysis, parameters, columns, id, there) : [];

  const choice: ColumnChoice = { readings: [], id: id.name, parameters: [], names: [] };
  function read(parameter: string, reading: Reading, name: string): void {
    choice.readings.push(reading);
    choice.parameters.push(parameter);
    choice.names.push(name);
  }
  read("id", { as: "id", column: placed.id }, id.name);
  read("place", { as: "place", ...place }, "place");
  for (const { parameter, kind, index } of found) {
    if (LOCATING.includes(parameter)) continue;
    read(parameter, { as: kind === "label" ? "label" : "number", column: index }, columns[index]!.name);
  }
  for (const index of included) read("include", { as: "raw", column: index }, columns[index]!.name);
  return choice;
}

/** Parameters that make the id and the place. */
const LOCATING = ["id", "geometry", "x", "y"];

const POINTS_ADVICE = 'Use {"weights": {"type": "knn", "k": 8}}.';

/** @throws WRONG_COLUMN_TYPE where a column cannot hold what it is needed for */
function checkKind(columns: SourceColumn[], index: number, kind: ColumnKind, parameter: string): number {
  const { name, type, kinds } = columns[index]!;
  if (!kinds || kind === "label" || kinds.includes(kind)) return index;
  throw new DriveshaftError(
    "WRONG_COLUMN_TYPE",
    `the column ${JSON.stringify(name)} is of type ${type}; ${parameter} needs ${expectedTypes[kind]}`,
    { hint: "Cast it in the query, or name another column." },
  );
}

const invalid = (message: string, hint: string): DriveshaftError =>
  new DriveshaftError("INVALID_PARAMETER", message, { hint });

const missing = (name: string, parameter: string, there: string): DriveshaftError =>
  new DriveshaftError(
    "MISSING_COLUMN",
    `there is no column ${JSON.stringify(name)}, which the parameter ${parameter} names`,
    { hint: `${there}.` },
  );

/**
 * What parameters ask for, at any depth: an object's columns have its name before theirs. In the order of the names, so
 * that of several faults the same one counts everywhere.
 */
function askedOf(properties: Record<string, ParameterSchema>, parameters: Record<string, unknown>): Asked {
  const asked: Asked = { columns: [], polygons: [] };
  // with coordinates in two columns nobody looks for another place
  const pair = parameters.x !== undefined || parameters.y !== undefined;
  for (const [name, schema] of Object.entries(properties)) {
    const unwanted = name === "geometry" && pair && parameters.geometry === undefined;
    if (!unwanted) collect(asked, name, schema, parameters[name]);
  }
  asked.columns.sort((a, b) => (a.parameter < b.parameter ? -1 : Number(a.parameter > b.parameter)));
  return asked;
}

function collect(asked: Asked, parameter: string, schema: ParameterSchema, given: unknown): void {
  const { column: kind, defaults = [], polygons, items, oneOf } = schema;
  if (kind) {
    const names = given === undefined ? defaults : [given as string];
    asked.columns.push({ parameter, kind, names, named: given !== undefined });
    return;
  }
  if (given === undefined) return;
  if (items) for (const item of given as unknown[]) collect(asked, parameter, items, item);
  if (oneOf) {
    const branch = oneOf.find(({ properties }) => properties!.type!.const === (given as { type: string }).type)!;
    if (typeof branch.polygons === "string") asked.polygons.push(branch.polygons);
    for (const [name, inner] of Object.entries(branch.properties!)) {
      const under = inner.column ? `${parameter}.${name}` : parameter;
      collect(asked, under, inner, (given as Record<string, unknown>)[name]);
    }
  }
  if (typeof polygons === "object" && polygons[given as string]) asked.polygons.push(polygons[given as string]!);
}

function placeOf(
  { x, y, geometry }: Record<string, number>,
  properties: Record<string, ParameterSchema>,
  there: string,
): { geometry: number } | { x: number; y: number } {
  if ((x === undefined) !== (y === undefined)) {
    throw invalid(
      `x and y go together, but only ${x === undefined ? "y" : "x"} is given`,
      "Name both coordinate columns, or a geometry column.",
    );
  }
  if (x !== undefined) return { x, y: y! };
  if (geometry !== undefined) return { geometry };
  throw new DriveshaftError(
    "MISSING_COLUMN",
    `no column has the places: there is none of ${properties.geometry!.defaults!.join(", ")}`,
    { hint: `Name one with the parameter geometry, or two with x and y; ${there}.` },
  );
}

/** The columns to carry into a result with the id and the columns of the analysis. */
function includedColumns(
  { name: analysis, columns: own }: Analysis,
  parameters: Record<string, unknown>,
  columns: SourceColumn[],
  id: SourceColumn,
  there: string,
): number[] {
  if (own.some((column) => column.name === id.name)) {
    throw invalid(
      `the id column is called ${JSON.stringify(id.name)}, as is a result column of ${analysis}`,
      "Give it another name in the query, and name that with the parameter id.",
    );
  }
  checkStorable(id, "id");
  const taken = new Set([id.name, ...own.map((column) => column.name)]);
  const included = ((parameters.include ?? []) as string[]).map((name) => {
    const index = columns.findIndex((column) => column.name === name);
    if (index < 0) throw missing(name, "include", there);
    if (taken.has(name)) {
      throw invalid(
        `include names the column ${JSON.stringify(name)}, which the result has already`,
        "Leave it out, or give it another name in the query.",
      );
    }
    checkStorable(columns[index]!, "include");
    refuseCode(columns[index]!);
    taken.add(name);
    return index;
  });
  if (taken.size > MOST_COLUMNS) {
    throw invalid(`the result has ${taken.size} columns, a table at most ${MOST_COLUMNS}`, "Include fewer columns.");
  }
  return included;
}

/**
 * The result is written on a connection where nothing of others may run.
 * @throws WRONG_COLUMN_TYPE for a column of the result in whose type a domain would be checked
 */
function refuseCode({ name, type, holds }: SourceColumn): void {
  if (holds === undefined) return;
  const message = `the column ${JSON.stringify(name)} is of type ${type}, which holds the type ${holds}`;
  throw new DriveshaftError("WRONG_COLUMN_TYPE", `${message}, whose functions would run as the result is written`, {
    hint: "Cast it in the query, such as to text or to an array of what the domain is made of.",
  });
}

/** @throws where no table can have a column of a query, by its name or its type */
function checkStorable({ name, type, kinds, pseudo }: SourceColumn, parameter: string): void {
  if (kinds && SYSTEM.includes(name)) {
    throw invalid(
      `${parameter} names the column ${JSON.stringify(name)}, which every table has of its own`,
      "Give it another name in the query.",
    );
  }
  if (pseudo) {
    throw new DriveshaftError(
      "WRONG_COLUMN_TYPE",
      `the column ${JSON.stringify(name)}, which the parameter ${parameter} names, is of type ${type}, which no table can hold`,
      { hint: "Cast it in the query, such as to text." },
    );
  }
}
