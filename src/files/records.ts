import type { Rows } from "../columns.js";
import type { ColumnChoice } from "../columns-of-query.js";
import { DriveshaftError } from "../errors.js";
import { buildGeometry, type GeometryBuilder } from "../geometry/geometry.js";
import { buildIds } from "../ids.js";

/** Records of a file: values by column, and how to name a record in an error. */
export interface Records {
  n: number;
  value(record: number, column: number): unknown;
  where(record: number): string;
  /** Adds the place of a record that has a geometry column. */
  place(record: number, column: number, builder: GeometryBuilder): void;
  /** An id that the record has beside its columns. */
  ownId?(record: number): unknown;
}

/** The chosen columns of records as rows. */
export function rowsOfRecords(records: Records, choice: ColumnChoice, columnName: (column: number) => string): Rows {
  const ids = buildIds();
  const geometry = buildGeometry();
  const values = Object.fromEntries(Object.keys(choice.values).map((name) => [name, new Float64Array(records.n)]));
  let whole = true;

  function number(record: number, column: number): number {
    const value = records.value(record, column);
    if (value === null || value === undefined || value === "") return NaN;
    const result = typeof value === "number" ? value : typeof value === "string" ? parse(value) : undefined;
    if (result === undefined) {
      throw new DriveshaftError(
        "WRONG_COLUMN_TYPE",
        `${records.where(record)}: the column ${JSON.stringify(columnName(column))} has ${JSON.stringify(value)}, expected a number`,
      );
    }
    return Number.isFinite(result) ? result : NaN;
  }
  for (let record = 0; record < records.n; record++) {
    const id = choice.id === undefined ? (records.ownId?.(record) ?? record + 1) : records.value(record, choice.id);
    if (id === null || id === undefined || id === "") {
      throw new DriveshaftError("NULL_ID", `${records.where(record)}: the id is missing`, {
        hint: "Name another column with the parameter id.",
      });
    }
    const text = typeof id === "string" ? id : JSON.stringify(id);
    whole &&= /^-?\d{1,15}$/.test(text);
    ids.push(Buffer.from(text));
    const { place } = choice;
    if ("geometry" in place) records.place(record, place.geometry, geometry);
    else geometry.point(number(record, place.x), number(record, place.y));
    for (const [name, column] of Object.entries(choice.values)) values[name]![record] = number(record, column);
  }
  return {
    n: records.n,
    ids: { type: "text", encoding: whole ? "integer text" : "text", ...ids.take() },
    geometry: geometry.take(),
    geography: false,
    srid: 0,
    values,
  };
}

/** A number as files write it; undefined where the text is none. */
function parse(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) return Number(trimmed);
  return /^([+-]?inf(inity)?|nan|na|null)$/i.test(trimmed) ? NaN : undefined;
}
