import pg from "pg";
import { length, type Column } from "../table/column.js";
import { rawText } from "../table/raw.js";
import type { Table } from "../table/table.js";
import type { Summary } from "../compute/summary.js";
import { columnTypes } from "../postgres/create-table.js";
import { quoted, RESULT, type CartoTarget } from "./target.js";
import { UNPROJECTED } from "./the-geom.js";

/** How the comment of a table begins that is being filled; the time follows. */
export const STAGING = "Staging of Driveshaft: ";

/** Takes the column the_geom_webmercator of a query, which CARTO makes itself, until the table is put in its place. */
const UNUSED = "driveshaft_unused";

/** Columns that are gone when the table is put in its place. */
const passing = [UNUSED, UNPROJECTED];

/** Columns that CARTO gives a table. */
const theirs = new Set(["cartodb_id", "the_geom"]);

const nameThere = (name: string): string => (name === "the_geom_webmercator" ? UNUSED : name);
const columnName = (name: string): string => pg.escapeIdentifier(nameThere(name));

/** A result as it goes into a table of CARTO's. */
export function forCarto(table: Table): Table {
  if (!isKeyOfCarto(table)) return table;
  const columns = table.columns.map(({ name, column }) => ({
    name,
    column: name === "cartodb_id" ? integers(column) : column,
  }));
  return { ...table, columns };
}

/** Whether the result brings the key that a table of CARTO's has. */
const isKeyOfCarto = ({ key }: Table): boolean => key.length === 1 && key[0] === "cartodb_id";

/** Ids of any integer type as those of the type integer. */
function integers(ids: Column): Column {
  if (ids.type !== "raw") return ids;
  return { type: "int4", values: Int32Array.from({ length: length(ids) }, (_, row) => Number(rawText(ids, row))) };
}

/** The columns that COPY fills, in its order. */
export const filled = (table: Table): string =>
  columnTypes(table)
    .map(({ name }) => columnName(name))
    .join(", ");

/**
 * Statements that make an empty table one of CARTO's. While it is empty that takes no time, and nothing of what CARTO's
 * function does to columns that it finds, which it casts and renames, is done to ours: they are added after.
 */
export function making(staging: CartoTarget, table: Table): string {
  const name = quoted(staging);
  const regclass = `${pg.escapeLiteral(name)}::regclass`;
  const columns = columnTypes(table);
  // the key is cartodb_id; an index on values of groups, which are of any type, might fail as the table is filled
  const keys = table.isKeyOfGroups ? [] : table.key;
  const ours = columns.filter((column) => !theirs.has(column.name));
  return [
    `CREATE TABLE ${name} (cartodb_id integer PRIMARY KEY)`,
    staging.schema === "public"
      ? `SELECT CDB_CartodbfyTable(${regclass})`
      : `SELECT CDB_CartodbfyTable(${pg.escapeLiteral(staging.schema)}, ${regclass})`,
    ...(ours.length === 0
      ? []
      : [`ALTER TABLE ${name} ${ours.map(({ name, type }) => `ADD COLUMN ${columnName(name)} ${type}`).join(", ")}`]),
    ...(isKeyOfCarto(table) || keys.length === 0
      ? []
      : [`CREATE UNIQUE INDEX ON ${name} (${keys.map(columnName).join(", ")})`]),
    // last, as CARTO's function makes the table anew
    `COMMENT ON TABLE ${name} IS ${pg.escapeLiteral(STAGING + new Date().toISOString())}`,
  ].join(";\n");
}

/** Statements that put the table in its place, all of them or none. However many rows there are, they take no time. */
export function placing(
  staging: CartoTarget,
  target: CartoTarget,
  table: Table,
  { analysis, version }: Summary,
  overwrite: boolean,
): string {
  const name = quoted(target);
  const sequence = `pg_get_serial_sequence(${pg.escapeLiteral(name)}, 'cartodb_id')`;
  const dropped = table.columns.map((column) => nameThere(column.name)).filter((column) => passing.includes(column));
  return [
    ...(overwrite ? [`DROP TABLE IF EXISTS ${name}`] : []),
    ...dropped.map((column) => `ALTER TABLE ${quoted(staging)} DROP COLUMN ${column}`),
    `ALTER TABLE ${quoted(staging)} RENAME TO ${pg.escapeIdentifier(target.name)}`,
    // rows that come with their ids do not move the sequence
    ...(isKeyOfCarto(table) ? [`SELECT setval(${sequence}, greatest(max(cartodb_id), 1)) FROM ${name}`] : []),
    // the table's trigger notes a change, by which CARTO's caches go
    `UPDATE ${name} SET cartodb_id = cartodb_id WHERE false`,
    `COMMENT ON TABLE ${name} IS ${pg.escapeLiteral(`${RESULT}${analysis} (version ${version}), ${staging.name}`)}`,
  ].join(";\n");
}
