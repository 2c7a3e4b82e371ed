import { wkbOf } from "../geometry/to-wkb.js";
import { cellText } from "../table/cell.js";
import { cell, type Column } from "../table/column.js";
import { bytesOf, isNull, type Raw } from "../table/raw.js";
import type { Table } from "../table/table.js";
import { columnTypes } from "../postgres/create-table.js";

/** How fields of a type are written to a file, and what SQL makes a value of them again by. */
interface Form {
  /**
   * Where the bytes begin that are written as hexadecimal digits; undefined where the value is written as it is shown.
   */
  bytesFrom?: number;
  /** The expression for the value, of one for the field. */
  value(field: string, type: string): string;
}

const shown: Form = { value: (field, type) => `CAST(${field} AS ${type})` };
const bytes = (field: string): string => `decode(substr(${field}, 2), 'hex')`;
const text: Form = { bytesFrom: 0, value: (field, type) => `CAST(convert_from(${bytes(field)}, 'UTF8') AS ${type})` };
const geometry: Form = { bytesFrom: 0, value: (field, type) => `CAST(substr(${field}, 2) AS ${type})` };

/** By type as SQL writes it. */
const forms: Record<string, Form> = {
  smallint: shown,
  integer: shown,
  bigint: shown,
  real: shown,
  "double precision": shown,
  numeric: shown,
  uuid: shown,
  boolean: shown,
  text,
  "character varying": text,
  character: text,
  name: text,
  json: text,
  // the binary form begins with a version
  jsonb: { ...text, bytesFrom: 1 },
  bytea: { bytesFrom: 0, value: bytes },
  geometry,
  geography: geometry,
};

/** Without the schema, and what stands in brackets. */
const formOf = (type: string): Form | undefined =>
  forms[
    type
      .replace(/\(.*\)/, "")
      .split(".")
      .at(-1)!
  ];

/** Whether a file can carry a type. */
export const isCarried = (type: string): boolean => formOf(type) !== undefined;

/**
 * Names of the file's columns are ours: those of the result may be changed by who reads it, or mean something there.
 */
const header = (table: Table): string[] => columnTypes(table).map((_, column) => `c${column}`);

/** The columns of a result, as expressions of the file's. */
export const valuesOfFile = (table: Table): string =>
  columnTypes(table)
    .map(({ type }, column) => formOf(type)!.value(`nullif(${header(table)[column]}, '')`, type))
    .join(", ");

/** Bytes of a chunk, about. */
const CHUNK = 1 << 18;

/**
 * A result as a CSV file, in chunks. Who imports it guesses its delimiter and its encoding, which nothing turns off,
 * and takes no null for an empty text. So a field is a number as it is shown, or `x` and the bytes of a text or a
 * geometry in hexadecimal digits, which need no quotes; an empty field is null.
 */
export function* fileOf(table: Table, progress: (share: number) => void): Generator<Uint8Array> {
  let chunk = `${header(table).join(",")}\n`;
  let row = 0;
  for (const fields of fieldsOf(table)) {
    chunk += `${fields.join(",")}\n`;
    row++;
    if (chunk.length < CHUNK) continue;
    yield Buffer.from(chunk, "latin1");
    progress(row / table.n);
    chunk = "";
  }
  yield Buffer.from(chunk, "latin1");
}

const hex = (from: Buffer): string => `x${from.toString("hex")}`;

/** The fields of each row, in the order of the columns. */
function* fieldsOf({ n, columns }: Table): Generator<string[]> {
  const fields = columns.map(({ column }) => (column.type === "raw" ? rawField(column) : computedField(column)));
  for (let row = 0; row < n; row++) yield fields.map((field) => field(row));
}

function computedField(column: Column): (row: number) => string {
  if (column.type === "geometry") {
    const wkb = wkbOf(column);
    return (row) => {
      const bytes = wkb(row);
      return bytes ? hex(bytes) : "";
    };
  }
  return (row) => {
    const value = cell(column, row);
    return value === null ? "" : typeof value === "string" ? hex(Buffer.from(value)) : cellText(value);
  };
}

function rawField(column: Raw): (row: number) => string {
  const { bytesFrom } = formOf(column.sqlType)!;
  return (row) => {
    if (isNull(column, row)) return "";
    return bytesFrom === undefined
      ? cellText(cell(column, row))
      : hex(Buffer.from(bytesOf(column, row).subarray(bytesFrom)));
  };
}
