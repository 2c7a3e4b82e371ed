import type pg from "pg";
import type { SourceColumn } from "../job/source.js";
import type { ColumnKind } from "../table/kinds.js";
import type { Encoding } from "../table/raw.js";
import type { Field } from "./protocol.js";

/** How the binary form of a type is read: as what it is, a number, a geometry, a time, or not at all. */
interface TypeReading {
  encoding?: Encoding;
  number?: "int2" | "int4" | "int8" | "float4" | "float8" | "numeric";
  geometry?: "wkb" | "json" | "jsonb";
  /** It may hold ids of cells, or times. */
  cell?: true;
  time?: true;
}

/** Types with fixed oids, from pg_type.dat. Those without an encoding are known by their bytes. */
const builtin: Record<number, TypeReading> = {
  16: { encoding: "boolean" },
  17: { geometry: "wkb" },
  19: { encoding: "text" },
  20: { encoding: "integer", number: "int8", cell: true },
  21: { encoding: "integer", number: "int2" },
  23: { encoding: "integer", number: "int4" },
  25: { encoding: "text", geometry: "json", cell: true, time: true },
  114: { encoding: "text", geometry: "json" },
  700: { encoding: "float4", number: "float4" },
  701: { encoding: "float8", number: "float8" },
  1042: { encoding: "text", cell: true, time: true },
  1043: { encoding: "text", geometry: "json", cell: true, time: true },
  1082: { encoding: "date", time: true },
  1114: { encoding: "timestamp", time: true },
  1184: { encoding: "timestamptz", time: true },
  1700: { encoding: "numeric", number: "numeric", cell: true },
  2950: { encoding: "uuid" },
  3802: { geometry: "jsonb" },
};

/** PostGIS' types, whose oids differ from database to database. */
const named: Record<string, TypeReading> = { geometry: { geometry: "wkb" }, geography: { geometry: "wkb" } };

const kindsOf = ({ number, geometry, cell, time }: TypeReading): ColumnKind[] => [
  ...(number ? (["number", "time"] as const) : []),
  ...(geometry ? (["geometry"] as const) : []),
  ...(cell ? (["cell"] as const) : []),
  ...(time ? (["time"] as const) : []),
];
const kindsOfEach = (readings: Record<string, TypeReading>): Record<string, ColumnKind[]> =>
  Object.fromEntries(Object.entries(readings).map(([type, reading]) => [type, kindsOf(reading)]));

/** The kinds of columns that each type can be, by oid and by name; the SQL layer checks requests against this. */
export const columnKinds = { types: kindsOfEach(builtin), named: kindsOfEach(named) };

/** A column of a query, with how to read it. */
export interface PostgresColumn extends SourceColumn {
  reading: TypeReading & { encoding: Encoding };
  geography: boolean;
}

/** Whether a type can be that of a primary key; as sql/functions/is_key_type.sql, which is not in every database. */
const isKeyType = `t.typtype <> 'p' AND EXISTS (SELECT FROM pg_opclass c JOIN pg_am m ON m.oid = c.opcmethod
  WHERE m.amname = 'btree' AND c.opcdefault
    AND (c.opcintype IN (t.oid, CASE t.typtype WHEN 'e' THEN 'anyenum'::regtype WHEN 'r' THEN 'anyrange'::regtype
                                               WHEN 'm' THEN 'anymultirange'::regtype WHEN 'c' THEN 'record'::regtype END)
         OR t.typcategory = 'A' AND t.typelem <> 0 AND c.opcintype = 'anyarray'::regtype
         OR EXISTS (SELECT FROM pg_cast b WHERE b.castsource = t.oid AND b.casttarget = c.opcintype AND b.castmethod = 'b' AND b.castcontext = 'i')))`;

/** What the catalogue says of a type. */
interface TypeFacts {
  /** As SQL writes it, with its modifier. */
  type: string;
  name: string;
  pseudo: boolean;
  key: boolean;
  /** The type inside it whose values run code that others may write. */
  holds: string | null;
}

/** Oids below are given out by PostgreSQL itself, each for one type in every database. */
const FIRST_OF_DATABASE = 10_000;

/** Facts of the server's own types, by oid and modifier: nearly all that a query returns. */
const known = new Map<string, TypeFacts>();

/** Modifiers are a requester's choice. */
const MOST_KNOWN = 1_000;

const keyOf = ({ dataTypeID, dataTypeModifier }: Field): string => `${dataTypeID} ${dataTypeModifier}`;

/** What the columns of a query are. In a transaction. */
export async function describeColumns(client: pg.Client, fields: Field[]): Promise<PostgresColumn[]> {
  const facts = fields.every((field) => known.has(keyOf(field)))
    ? fields.map((field) => known.get(keyOf(field))!)
    : await lookUp(client, fields);
  return fields.map((field, i) => {
    const { type, name, key, pseudo, holds } = facts[i]!;
    return { ...columnOf(field.name, field.dataTypeID, type, name, key), pseudo, ...(holds !== null && { holds }) };
  });
}

/**
 * Asks the catalogue. The type inside each, at any depth, whose values run code that others may write: a domain, or a
 * range with a function of its own for differences; as sql/functions/domain_within.sql.
 */
async function lookUp(client: pg.Client, fields: Field[]): Promise<TypeFacts[]> {
  // types with their schemas, since the table is made in a session with another search_path
  await client.query("SAVEPOINT described; SET LOCAL search_path = pg_catalog, pg_temp");
  const { rows } = await client.query<TypeFacts>(
    `WITH RECURSIVE fields AS (
       SELECT * FROM ROWS FROM (unnest($1::oid[]), unnest($2::int4[])) WITH ORDINALITY f (oid, modifier, place)
     ), parts (place, type, depth) AS (
       SELECT place, oid, 0 FROM fields
       UNION
       SELECT p.place, inner_type, p.depth + 1 FROM parts p JOIN pg_type t ON t.oid = p.type, LATERAL (
         SELECT t.typelem UNION ALL SELECT t.typbasetype
         UNION ALL SELECT r.rngsubtype FROM pg_range r WHERE r.rngtypid = t.oid
         UNION ALL SELECT r.rngtypid FROM pg_range r WHERE r.rngmultitypid = t.oid
         UNION ALL SELECT a.atttypid FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
       ) inner_types (inner_type) WHERE inner_type <> 0
     )
     SELECT format_type(f.oid, f.modifier) AS type, t.typname AS name, t.typtype = 'p' AS pseudo, ${isKeyType} AS key,
            (SELECT format_type(h.oid, NULL) FROM parts p JOIN pg_type h ON h.oid = p.type
              WHERE p.place = f.place AND (h.typtype = 'd' OR EXISTS (
                SELECT FROM pg_range r JOIN pg_proc d ON d.oid = r.rngsubdiff JOIN pg_language l ON l.oid = d.prolang
                 WHERE r.rngtypid = h.oid AND l.lanname NOT IN ('internal', 'c')))
              ORDER BY p.depth, h.oid LIMIT 1) AS holds
       FROM fields f JOIN pg_type t ON t.oid = f.oid ORDER BY f.place`,
    [fields.map((field) => field.dataTypeID), fields.map((field) => field.dataTypeModifier)],
  );
  await client.query("ROLLBACK TO described");
  if (known.size > MOST_KNOWN) known.clear();
  fields.forEach((field, i) => {
    if (field.dataTypeID < FIRST_OF_DATABASE) known.set(keyOf(field), rows[i]!);
  });
  return rows;
}

/**
 * A column by its type.
 * @param type as SQL writes it
 * @param typeName as the catalogue of the server has it
 * @param key whether it can be that of a primary key, where that is known
 */
export function columnOf(name: string, oid: number, type: string, typeName: string, key = true): PostgresColumn {
  const reading = { encoding: "bytes" as const, ...(builtin[oid] ?? named[typeName]) };
  const kinds = [...(key ? (["id"] as const) : []), ...kindsOf(reading)];
  return { name, type, kinds, reading, geography: typeName === "geography" };
}
