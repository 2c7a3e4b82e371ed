import type { Analysis } from "../analyses/analysis.js";
import { blockColumns, contiguities, type ColumnKind, type WeightsParameter } from "../analyses/parameters.js";
import { parameterSchema, type ParameterSchema } from "../analyses/check-parameters.js";
import { DriveshaftError } from "../errors.js";

/** A column that a source has: its name, its type as people know it, and what it can hold. */
export interface SourceColumn {
  name: string;
  type: string;
  /** Undefined where that shows only in the values, as in files. */
  kinds?: ColumnKind[];
  /** Its type is one that no table can hold. */
  pseudo?: boolean;
  /** A type inside its type whose functions would run as a table is filled. */
  holds?: string;
}

/** The columns that a job reads, by index in the source. */
export interface ColumnChoice {
  /** Undefined in files without ids: rows are numbered from 1. */
  id: number | undefined;
  /** Undefined where rows have no places, as pairs have none. */
  place: { geometry: number } | { x: number; y: number } | undefined;
  /** By the parameter that names the column; one that names several has `<parameter>.<number>` for each. */
  values: Record<string, number>;
  /** Of a query of pairs: the id at the other end. */
  neighbor?: number;
  /** Columns of labels, by their names. */
  labels: Record<string, number>;
  /** Columns to carry into the result as they are. */
  include: number[];
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

/** A column, or several of which the first that is there counts, for a parameter. */
interface Wanted {
  parameter: string;
  /** By which the choice has it. */
  key: string;
  kind: ColumnKind;
  names: string[];
  /** Given, not a default. */
  named: boolean;
}

/**
 * Finds the columns that parameters name, or those with default names. The SQL layer makes the same checks, in the same order
 * (sql/functions/check_columns.sql).
 * @throws MISSING_COLUMN with the columns there are, WRONG_COLUMN_TYPE, INVALID_PARAMETER for half a pair of coordinates, for
 * contiguity of points, and for columns that the result cannot have
 */
export function chooseColumns(
  analysis: Analysis,
  parameters: Record<string, unknown>,
  columns: SourceColumn[],
): ColumnChoice {
  const { properties } = parameterSchema(analysis) as { properties: Record<string, ParameterSchema> };
  const there = `the columns are: ${columns.map((column) => column.name).join(", ") || "none"}`;
  // what a column holds shows only in the values of a file, which may number its rows, too
  const typed = columns.some(({ kinds }) => kinds);
  const at = (name: string): number => columns.findIndex((column) => column.name === name);

  const choice: ColumnChoice = { id: undefined, place: undefined, values: {}, labels: {}, include: [] };
  const places: Record<string, number> = {};
  for (const { parameter, key, kind, names, named } of wantedColumns(properties, parameters)) {
    const index = names.map(at).find((place) => place >= 0);
    if (index === undefined) {
      if (named) throw missing(names[0]!, parameter, there);
      continue;
    }
    const { name, type, kinds } = columns[index]!;
    if (kinds && kind !== "label" && !kinds.includes(kind)) {
      throw new DriveshaftError(
        "WRONG_COLUMN_TYPE",
        `the column ${JSON.stringify(name)} is of type ${type}; ${parameter} needs ${expectedTypes[kind]}`,
        { hint: "Cast it in the query, or name another column." },
      );
    }
    if (kind === "id") choice.id = index;
    else if (["x", "y", "geometry"].includes(parameter)) places[parameter] = index;
    else if (kind === "label") choice.labels[key] = index;
    else choice.values[key] = index;
  }
  if (choice.id === undefined && typed) {
    const message = `the query has no id column: there is none of ${properties.id!.defaults!.join(", ")}`;
    throw new DriveshaftError("MISSING_COLUMN", message, { hint: `Name one with the parameter id; ${there}.` });
  }
  choice.place = placeOf(places, properties, there);
  const [needing] = "x" in choice.place ? contiguities(parameters) : [];
  if (needing !== undefined) {
    throw invalid(`${needing} needs polygons, but x and y are points`, 'Use {"weights": {"type": "knn", "k": 8}}.');
  }
  if (choice.id !== undefined) refuseCode(columns[choice.id]!);
  if (analysis.rows === "each") {
    const id = choice.id === undefined ? { name: "id", type: "text" } : columns[choice.id]!;
    choice.include = includedColumns(analysis, parameters, columns, id, there);
  }
  return choice;
}

const invalid = (message: string, hint: string): DriveshaftError =>
  new DriveshaftError("INVALID_PARAMETER", message, { hint });

const missing = (name: string, parameter: string, there: string): DriveshaftError =>
  new DriveshaftError(
    "MISSING_COLUMN",
    `there is no column ${JSON.stringify(name)}, which the parameter ${parameter} names`,
    { hint: `${there}.` },
  );

/** The columns that are looked for, in the order of their parameters' names. */
function wantedColumns(properties: Record<string, ParameterSchema>, parameters: Record<string, unknown>): Wanted[] {
  const pair = parameters.x !== undefined || parameters.y !== undefined;
  const wanted = Object.entries(properties).flatMap(([parameter, { column, items, defaults = [] }]): Wanted[] => {
    const given = parameters[parameter];
    if (items?.column) {
      return ((given ?? []) as string[]).map((name, i) => {
        return { parameter, key: `${parameter}.${i}`, kind: items.column!, names: [name], named: true };
      });
    }
    if (!column) return [];
    if (given !== undefined)
      return [{ parameter, key: parameter, kind: column, names: [given as string], named: true }];
    // with coordinates in two columns nobody looks for another place
    const names = parameter === "geometry" && pair ? [] : defaults;
    return [{ parameter, key: parameter, kind: column, names, named: false }];
  });
  const blocks = blockColumns(parameters.weights as WeightsParameter).map((name): Wanted => {
    return { parameter: "weights.column", key: name, kind: "label", names: [name], named: true };
  });
  return [...wanted, ...blocks].sort((a, b) => (a.parameter < b.parameter ? -1 : Number(a.parameter > b.parameter)));
}

function placeOf(
  { x, y, geometry }: Record<string, number>,
  properties: Record<string, ParameterSchema>,
  there: string,
): NonNullable<ColumnChoice["place"]> {
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
