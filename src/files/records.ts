import type { Rows } from "../table/columns.js";
import { carrier, type Carrier } from "../table/carry.js";
import type { ColumnChoice, SourceColumn } from "../job/choose-columns.js";
import { DriveshaftError, shown } from "../errors.js";
import { addPoint, buildGeometry, type GeometryBuilder } from "../geometry/geometry.js";
import { buildIds } from "../table/raw.js";
import { buildLabels } from "../table/labels.js";

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

/**
 * The chosen columns of records as rows.
 * @throws ROW_LIMIT, WRONG_COLUMN_TYPE, NULL_ID
 */
export function rowsOfRecords(
  records: Records,
  choice: ColumnChoice,
  columns: SourceColumn[],
  rowLimit = Infinity,
): Rows {
  if (records.n > rowLimit) {
    throw new DriveshaftError("ROW_LIMIT", `the file has ${records.n} rows, more than ${rowLimit}`, {
      hint: "Use a smaller file, or raise the parameter row_limit.",
    });
  }
  const carried = carrier();
  const ids = buildIds();
  const geometry = buildGeometry();
  const labels = Object.entries(choice.labels).map(([name, column]) => ({ name, column, into: buildLabels("text") }));
  const values = Object.fromEntries(Object.keys(choice.values).map((name) => [name, new Float64Array(records.n)]));
  let whole = true;

  function number(record: number, column: number): number {
    const value = records.value(record, column);
    if (value === null || value === undefined || value === "") return NaN;
    const result = typeof value === "number" ? value : typeof value === "string" ? parse(value) : undefined;
    if (result === undefined) {
      throw new DriveshaftError(
        "WRONG_COLUMN_TYPE",
        `${records.where(record)}: the column ${JSON.stringify(columns[column]!.name)} has ${shown(value)}, expected a number`,
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
    if (!place) geometry.nowhere();
    else if ("geometry" in place) records.place(record, place.geometry, geometry);
    else addPoint(geometry, number(record, place.x), number(record, place.y), () => records.where(record));
    for (const [name, column] of Object.entries(choice.values)) values[name]![record] = number(record, column);
    for (const { column, into } of labels) {
      const value = records.value(record, column);
      const text = Buffer.from(typeof value === "string" ? value : JSON.stringify(value ?? ""));
      if (value === null || value === undefined || value === "") into.none();
      else into.push(text, 0, text.length);
    }
    if (choice.include.length > 0) {
      carried.begin();
      for (const column of choice.include) carryValue(carried, records.value(record, column));
    }
  }
  return {
    n: records.n,
    ids: { type: "text", encoding: whole ? "integer text" : "text", ...ids.take() },
    geometry: geometry.take(),
    geography: false,
    srid: 0,
    values,
    labels: Object.fromEntries(labels.map(({ name, into }) => [name, into.take()])),
    ...(choice.include.length > 0 && {
      carried: carried.take(choice.include.map((at) => ({ name: columns[at]!.name, type: "text" }))),
    }),
  };
}

/** Carries a value of a file as text, or as nothing where there is none. */
function carryValue(carried: Carrier, value: unknown): void {
  const none = value === null || value === undefined;
  const text = none ? "" : typeof value === "string" ? value : JSON.stringify(value);
  const field = Buffer.alloc(4 + Buffer.byteLength(text));
  field.writeInt32BE(none ? -1 : field.length - 4);
  field.write(text, 4);
  carried.field(field, 0, field.length);
}

/** A number as files write it; undefined where the text is none. */
function parse(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) return Number(trimmed);
  return /^([+-]?inf(inity)?|nan|na|null)$/i.test(trimmed) ? NaN : undefined;
}
