import type { Analysis } from "./analyses/analysis.js";
import { blockColumns, type ColumnKind, type WeightsParameter } from "./analyses/parameters.js";
import { parameterSchema } from "./analyses/check-parameters.js";
import { DriveshaftError } from "./errors.js";

/** A column that a source has: its name, its type as people know it, and what it can hold. */
export interface SourceColumn {
  name: string;
  type: string;
  /** Undefined where that shows only in the values, as in files. */
  kinds?: ColumnKind[];
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

/**
 * Finds the columns that parameters name, or those with default names.
 * @throws MISSING_COLUMN with the columns there are, WRONG_COLUMN_TYPE, INVALID_PARAMETER for half a pair of coordinates
 */
export function chooseColumns(
  analysis: Analysis,
  parameters: Record<string, unknown>,
  columns: SourceColumn[],
): ColumnChoice {
  const properties = parameterSchema(analysis).properties!;
  const there = `the columns are: ${columns.map((column) => column.name).join(", ") || "none"}`;

  const missing = (name: string, parameter: string): DriveshaftError =>
    new DriveshaftError(
      "MISSING_COLUMN",
      `there is no column ${JSON.stringify(name)}, which the parameter ${parameter} names`,
      { hint: `${there}.` },
    );

  /** @param named the name that is given, where the parameter names several */
  function find(parameter: string, named = parameters[parameter] as string | undefined): number | undefined {
    const { column, items, defaults = [] } = properties[parameter]!;
    const kind = column ?? items!.column;
    const names = named === undefined ? defaults : [named];
    const index = names.map((name) => columns.findIndex((column) => column.name === name)).find((at) => at >= 0);
    if (index === undefined) {
      if (named === undefined) return undefined;
      throw missing(named, parameter);
    }
    const { name, type, kinds } = columns[index]!;
    if (kinds && !kinds.includes(kind!)) {
      throw new DriveshaftError(
        "WRONG_COLUMN_TYPE",
        `the column ${JSON.stringify(name)} is of type ${type}; ${parameter} needs ${expectedTypes[kind!]}`,
        {
          hint: "Cast it in the query, or name another column.",
        },
      );
    }
    return index;
  }

  const values: Record<string, number> = {};
  for (const [parameter, schema] of Object.entries(properties)) {
    if (schema.items?.column === "number") {
      ((parameters[parameter] ?? []) as string[]).forEach((name, i) => {
        values[`${parameter}.${i}`] = find(parameter, name)!;
      });
    }
    if (schema.column !== "number" || parameter === "x" || parameter === "y") continue;
    const index = find(parameter);
    if (index !== undefined) values[parameter] = index;
  }
  const id = find("id");
  const idName = id === undefined ? "id" : columns[id]!.name;
  if (analysis.rows === "each" && analysis.columns.some((column) => column.name === idName)) {
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      `the id column is called ${JSON.stringify(idName)}, as is a result column of ${analysis.name}`,
      {
        hint: "Give it another name in the query, and name that with the parameter id.",
      },
    );
  }
  return { id, place: findPlace(), values, labels: findLabels(), include: findIncluded() };

  function findLabels(): Record<string, number> {
    return Object.fromEntries(
      blockColumns(parameters.weights as WeightsParameter).map((name) => {
        const index = columns.findIndex((column) => column.name === name);
        if (index >= 0) return [name, index];
        throw missing(name, "weights.column");
      }),
    );
  }

  function findIncluded(): number[] {
    const taken = new Set([idName, ...analysis.columns.map((column) => column.name)]);
    return ((parameters.include ?? []) as string[]).map((name) => {
      const index = columns.findIndex((column) => column.name === name);
      if (index < 0) {
        throw missing(name, "include");
      }
      if (taken.has(name)) {
        throw new DriveshaftError(
          "INVALID_PARAMETER",
          `include names the column ${JSON.stringify(name)}, which the result has already`,
          { hint: "Leave it out, or give it another name in the query." },
        );
      }
      taken.add(name);
      return index;
    });
  }

  function findPlace(): NonNullable<ColumnChoice["place"]> {
    const x = find("x");
    const y = find("y");
    if ((x === undefined) !== (y === undefined)) {
      throw new DriveshaftError(
        "INVALID_PARAMETER",
        `x and y go together, but only ${x === undefined ? "y" : "x"} is given`,
        {
          hint: "Name both coordinate columns, or a geometry column.",
        },
      );
    }
    if (x !== undefined) return { x, y: y! };
    const geometry = find("geometry");
    if (geometry !== undefined) return { geometry };
    throw new DriveshaftError(
      "MISSING_COLUMN",
      `no column has the places: there is none of ${properties.geometry!.defaults!.join(", ")}`,
      {
        hint: `Name one with the parameter geometry, or two with x and y; ${there}.`,
      },
    );
  }
}
