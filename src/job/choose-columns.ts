import { columnsWith, withOutput, type Analysis } from "../analyses/analysis.js";
import { parameterSchema, type ParameterSchema } from "../analyses/check-parameters.js";
import { VARIABLE_COLUMN, variablesOf } from "../analyses/variables.js";
import { DriveshaftError } from "../errors.js";
import type { ColumnKind } from "../table/kinds.js";
import { askedOf, type Asked, type AskedTable, type Wanted } from "./asked.js";
import type { Reading, SourceColumn } from "./source.js";

/** What a job reads of a table. */
export interface ColumnChoice {
  /** The id comes first, then the place, what parameters name, what makes groups, and what is included. */
  readings: Reading[];
  /** The name of the id column, where there is one. */
  id: string | undefined;
  /** What is read as the id says what rows are of: several may have the same. */
  repeats?: boolean;
  /** By reading: the parameter that asks for it, or `id`, `place`, `by` or `include`; and the name of its column. */
  parameters: string[];
  names: string[];
  /** What is asked for does without places: rows without one are used too. */
  placeless?: boolean;
}

/** What a column of each kind may be, as messages say it; the SQL layer says the same. */
export const expectedTypes: Record<ColumnKind, string> = {
  id: "a type that can be a primary key",
  number: "a number: smallint, integer, bigint, real, double precision or numeric",
  label: "any type",
  cell: "text, bigint or numeric",
  time: "a date, a timestamp, a number, or text in ISO 8601",
  geometry: "geometry, geography, bytea (WKB), or text, json or jsonb (GeoJSON)",
};

/** Columns that every table has already. */
const SYSTEM = ["ctid", "xmin", "cmin", "xmax", "cmax", "tableoid"];

/** Columns of a table, at most. */
const MOST_COLUMNS = 1600;

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
  const properties = propertiesOf(withOutput(analysis, parameters));
  const asked = askedOf(properties, parameters).rows;
  const { choice, read, id } = chooseAsked(asked, properties, columns, "");
  for (const { parameter, index } of carriedColumns(analysis, parameters, columns, id)) {
    read(parameter, { as: "raw", column: index }, columns[index]!.name);
  }
  return choice;
}

/** The same of a further table, whose ids the result may have. */
export function chooseTableColumns(
  analysis: Analysis,
  parameters: Record<string, unknown>,
  asked: AskedTable,
  columns: SourceColumn[],
): ColumnChoice {
  const { choice } = chooseAsked(asked, propertiesOf(analysis), columns, `${asked.table}_`);
  if (withOutput(analysis, parameters).of === asked.table) {
    const groups = (parameters.by ?? []) as string[];
    checkIdName(analysis, [...ownColumns(analysis, parameters), ...groups], choice.id!, asked.table);
  }
  return choice;
}

export const propertiesOf = (analysis: Analysis): Record<string, ParameterSchema> =>
  parameterSchema(analysis).properties!;

interface Chosen {
  choice: ColumnChoice;
  /** Adds something that is read. */
  read(parameter: string, reading: Reading, name: string): void;
  id: SourceColumn | undefined;
}

/** What is read of a table for what is asked of it. @param prefix of the parameters of its id and place */
function chooseAsked(
  asked: Asked,
  properties: Record<string, ParameterSchema>,
  columns: SourceColumn[],
  prefix: string,
): Chosen {
  const there = thereAre(columns);
  const at = (name: string): number => columns.findIndex((column) => column.name === name);
  const found: { parameter: string; kind: ColumnKind; index: number }[] = [];
  for (const { parameter, kind, names, named } of located(asked.columns, columns, prefix)) {
    const index = names.map(at).find((place) => place >= 0);
    if (index !== undefined) found.push({ parameter, kind, index: checkKind(columns, index, kind, parameter) });
    else if (named) throw missing(names[0]!, parameter, there);
  }
  const placed = Object.fromEntries(found.map(({ parameter, index }) => [parameter, index]));
  const [idName, geometryName] = [`${prefix}id`, `${prefix}geometry`];

  // what a column holds shows only in the values of a file, which may number its rows, too
  const typed = columns.some(({ kinds }) => kinds);
  const { needed, defaults } = properties[idName] ?? {};
  if (placed[idName] === undefined && needed && typed) {
    const message = `${prefix === "" ? "the query" : `the table ${prefix.slice(0, -1)}`} has no id column: there is none of ${defaults!.join(", ")}`;
    throw new DriveshaftError("MISSING_COLUMN", message, { hint: `Name one with the parameter ${idName}; ${there}.` });
  }
  const place = geometryName in properties ? placeOf(placed, asked, properties, prefix, there) : undefined;
  if (place && "x" in place && asked.polygons.length > 0) {
    throw invalid(`${asked.polygons[0]} needs polygons, but x and y are points`, POINTS_ADVICE);
  }
  const id = placed[idName] === undefined ? undefined : columns[placed[idName]];
  if (id) refuseCode(id);
  const repeated = found.find(({ parameter }) => properties[parameter]?.repeats);
  if (repeated) refuseCode(columns[repeated.index]!);

  const choice: ColumnChoice = { readings: [], id: id?.name, parameters: [], names: [] };
  if (asked.placeless) choice.placeless = true;
  if (repeated) choice.repeats = true;
  function read(parameter: string, reading: Reading, name: string): void {
    choice.readings.push(reading);
    choice.parameters.push(parameter);
    choice.names.push(name);
  }
  if (needed && !id) choice.id = "id";
  if (choice.id !== undefined) read("id", { as: "id", column: placed[idName] }, choice.id);
  if (place) read("place", { as: "place", ...place }, "place");
  const locating = LOCATING.map((name) => prefix + name);
  for (const { parameter, kind, index } of found) {
    if (locating.includes(parameter) || parameter === "by") continue;
    const name = parameter === repeated?.parameter ? "id" : (properties[parameter]?.like ?? parameter);
    read(name, readingOf(kind, index), columns[index]!.name);
  }
  return { choice, read, id };
}

function readingOf(kind: ColumnKind, column: number): Reading {
  if (kind === "id" || kind === "label" || kind === "number") return { as: kind, column };
  return { as: "raw", column };
}

/** What is looked for, with coordinates in two columns or a place in one, as they are named. */
function located(wanted: Wanted[], columns: SourceColumn[], prefix: string): Wanted[] {
  const of = (name: string): Wanted | undefined => wanted.find(({ parameter }) => parameter === prefix + name);
  const [x, y] = [of("x"), of("y")];
  const isNamed = x?.named === true || y?.named === true;
  const isThere = (one: Wanted | undefined): boolean =>
    one?.names.some((name) => columns.some((column) => column.name === name)) === true;
  // names that the query's have count where both are there
  const isPair = isNamed || (isThere(x) && isThere(y));
  const unwanted = isPair ? [of("geometry")] : [x, y];
  return wanted.filter((one) => one.named || !unwanted.includes(one));
}

const thereAre = (columns: SourceColumn[]): string =>
  `the columns are: ${columns.map((column) => column.name).join(", ") || "none"}`;

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
    `there is no column ${JSON.stringify(name)}, which the parameter ${parameter} asks for`,
    { hint: `${there}.` },
  );

function placeOf(
  placed: Record<string, number>,
  { placeless }: Asked,
  properties: Record<string, ParameterSchema>,
  prefix: string,
  there: string,
): { geometry: number } | { x: number; y: number } | undefined {
  const [xName, yName, geometryName] = [`${prefix}x`, `${prefix}y`, `${prefix}geometry`];
  const [x, y, geometry] = [placed[xName], placed[yName], placed[geometryName]];
  if ((x === undefined) !== (y === undefined)) {
    throw invalid(
      `${xName} and ${yName} go together, but only ${x === undefined ? yName : xName} is given`,
      "Name both coordinate columns, or a geometry column.",
    );
  }
  if (x !== undefined) return { x, y: y! };
  if (geometry !== undefined) return { geometry };
  if (placeless) return undefined;
  throw new DriveshaftError(
    "MISSING_COLUMN",
    `no column has the places: there is none of ${properties[geometryName]!.defaults!.join(", ")}`,
    {
      hint: `Name one with the parameter ${geometryName}${xName in properties ? `, or two with ${xName} and ${yName}` : ""}; ${there}.`,
    },
  );
}

/** The columns that a result has of the query, beside those of the analysis: what makes groups, and with ids what is included. */
function carriedColumns(
  analysis: Analysis,
  parameters: Record<string, unknown>,
  columns: SourceColumn[],
  id: SourceColumn | undefined,
): { parameter: string; index: number }[] {
  const own = ownColumns(analysis, parameters);
  const taken = new Set(own);
  const hasId = "include" in withOutput(analysis, parameters).parameters.shape;
  const idName = id?.name ?? (analysis.idOptional ? undefined : "id");
  if (hasId && idName !== undefined) {
    checkIdName(analysis, own, idName);
    if (id) checkStorable(id, "id");
    taken.add(idName);
  }
  function carry(parameter: string, name: string): { parameter: string; index: number } {
    const index = columns.findIndex((column) => column.name === name);
    if (index < 0) throw missing(name, parameter, thereAre(columns));
    if (taken.has(name)) {
      throw invalid(
        `${parameter} names the column ${JSON.stringify(name)}, which the result has already`,
        "Leave it out, or give it another name in the query.",
      );
    }
    checkStorable(columns[index]!, parameter);
    refuseCode(columns[index]!);
    taken.add(name);
    return { parameter, index };
  }
  const groups = ((parameters.by ?? []) as string[]).map((name) => carry("by", name));
  const included = hasId ? ((parameters.include ?? []) as string[]).map((name) => carry("include", name)) : [];
  if (taken.size > MOST_COLUMNS) {
    throw invalid(`the result has ${taken.size} columns, a table at most ${MOST_COLUMNS}`, "Include fewer columns.");
  }
  return [...groups, ...included];
}

/** Bytes of a name in PostgreSQL, which cuts longer ones. */
const MOST_BYTES = 63;

/** The names of the analysis' own columns, and of the one that says which variable. @throws INVALID_PARAMETER where two are alike, or one is too long */
function ownColumns(analysis: Analysis, parameters: Record<string, unknown>): string[] {
  const variable = variablesOf(analysis, parameters) ? [VARIABLE_COLUMN] : [];
  const own = [...variable, ...columnsWith(analysis, parameters).map(({ name }) => name)];
  const hint = "Name each column once, or give one another name in the query.";
  own.forEach((name, i) => {
    if (own.indexOf(name) < i) {
      throw invalid(`two result columns of ${analysis.name} would be called ${JSON.stringify(name)}`, hint);
    }
    const bytes = Buffer.byteLength(name);
    if (bytes > MOST_BYTES) {
      const message = `the result column ${JSON.stringify(name)} would have a name of ${bytes} bytes, at most ${MOST_BYTES}`;
      throw invalid(message, "Give a column a shorter name in the query.");
    }
  });
  return own;
}

/** @param table the further table that has the id, where it is not the query */
function checkIdName({ name: analysis }: Analysis, taken: string[], name: string, table?: string): void {
  if (!taken.includes(name)) return;
  const [of, parameter] = table === undefined ? ["", "id"] : [` of ${table}`, `${table}_id`];
  throw invalid(
    `the id column${of} is called ${JSON.stringify(name)}, as is a result column of ${analysis}`,
    `Give it another name in the query, and name that with the parameter ${parameter}.`,
  );
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
      `the column ${JSON.stringify(name)}, which the parameter ${parameter} asks for, is of type ${type}, which no table can hold`,
      { hint: "Cast it in the query, such as to text." },
    );
  }
}
