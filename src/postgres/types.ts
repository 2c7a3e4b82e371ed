import type pg from "pg";
import type { ColumnKind } from "../analyses/parameters.js";
import type { SourceColumn } from "../columns-of-query.js";
import type { IdEncoding } from "../ids.js";
import type { Field } from "./protocol.js";

/** How the binary form of a type is read: as an id, a number, a geometry, or not at all. */
interface Reading {
  id?: IdEncoding;
  number?: "int2" | "int4" | "int8" | "float4" | "float8" | "numeric";
  geometry?: "wkb" | "json" | "jsonb";
}

/** Types with fixed oids, from pg_type.dat. Those that say nothing of ids are ids by their bytes. */
const builtin: Record<number, Reading> = {
  17: { geometry: "wkb" },
  19: { id: "text" },
  20: { id: "integer", number: "int8" },
  21: { id: "integer", number: "int2" },
  23: { id: "integer", number: "int4" },
  25: { id: "text", geometry: "json" },
  114: { geometry: "json" },
  700: { number: "float4" },
  701: { number: "float8" },
  1042: { id: "text" },
  1043: { id: "text", geometry: "json" },
  1700: { id: "numeric", number: "numeric" },
  2950: { id: "uuid" },
  3802: { geometry: "jsonb" },
};

/** PostGIS' types, whose oids differ from database to database. */
const named: Record<string, Reading> = { geometry: { geometry: "wkb" }, geography: { geometry: "wkb" } };

const kindsOf = (readings: Record<string, Reading>): Record<string, string[]> =>
  Object.fromEntries(Object.entries(readings).map(([type, reading]) => [type, Object.keys(reading)]));

/** The kinds of columns that each type can be, by oid and by name; the SQL layer checks requests against this. */
export const columnKinds = { types: kindsOf(builtin), named: kindsOf(named) };

/** A column of a query, with how to read it. */
export interface PostgresColumn extends SourceColumn {
  reading: Reading & { id: IdEncoding };
  geography: boolean;
}

/** What the columns of a query are. */
export async function describeColumns(client: pg.Client, fields: Field[]): Promise<PostgresColumn[]> {
  const { rows } = await client.query<{ type: string; name: string }>(
    `SELECT pg_catalog.format_type(f.oid, f.modifier) AS type, t.typname AS name
       FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.oid[]), pg_catalog.unnest($2::pg_catalog.int4[])) WITH ORDINALITY AS f (oid, modifier, place)
       JOIN pg_catalog.pg_type t ON t.oid OPERATOR(pg_catalog.=) f.oid
      ORDER BY f.place`,
    [fields.map((field) => field.dataTypeID), fields.map((field) => field.dataTypeModifier)],
  );
  return fields.map((field, i) => {
    const { type, name } = rows[i]!;
    return columnOf(field.name, field.dataTypeID, type, name);
  });
}

/**
 * A column by its type.
 * @param type as SQL writes it
 * @param typeName as the catalogue of the server has it
 */
export function columnOf(name: string, oid: number, type: string, typeName: string): PostgresColumn {
  const reading = { id: "bytes" as const, ...(builtin[oid] ?? named[typeName]) };
  return { name, type, kinds: Object.keys(reading) as ColumnKind[], reading, geography: typeName === "geography" };
}
