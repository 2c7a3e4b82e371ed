import { checkParameters } from "#dist/analyses/check-parameters.js";
import { findAnalysis } from "#dist/analyses/index.js";
import { compute, type Computed } from "#dist/compute/compute.js";
import type { Geometry } from "#dist/geometry/geometry.js";
import { chooseColumns } from "#dist/job/choose-columns.js";
import type { Reading, SourceColumn } from "#dist/job/source.js";
import type { Column, NamedColumn } from "#dist/table/column.js";
import { buildRaw, type Raw } from "#dist/table/raw.js";

/** Ids as a file has them. */
export function textIds(texts: string[]): Raw {
  const ids = buildRaw("id");
  for (const text of texts) ids.push(Buffer.from(text));
  return { type: "raw", sqlType: "text", encoding: "text", ...ids.take() };
}

/** Computes an analysis of rows with these places and columns of numbers, in this thread. */
export function analyse(
  name: string,
  geometry: Geometry,
  numbers: Record<string, Float64Array>,
  parameters: object,
): Computed {
  const analysis = findAnalysis(name);
  const given = checkParameters(analysis, parameters);
  const columns: SourceColumn[] = ["id", "geom", ...Object.keys(numbers)].map((column) => ({
    name: column,
    type: "text",
  }));
  const choice = chooseColumns(analysis, given, columns);
  const n = geometry.kinds.length;
  const columnOf = (reading: Reading, i: number): Column => {
    if (reading.as === "id") return textIds(Array.from({ length: n }, (_, row) => String(row).padStart(6, "0")));
    if (reading.as === "place") return { type: "geometry", geometry, srid: 0, geography: false };
    return { type: "float8", values: numbers[choice.names[i]!]! };
  };
  const rows = { n, columns: choice.readings.map(columnOf) };
  return compute(analysis, { parameters: given, choice, rows, tables: {}, threads: 1 }, () => undefined);
}

/** The numbers of a result's column. */
export function numbersOf({ columns }: Pick<Computed, "columns">, name: string): number[] {
  const column = columns.find((each) => each.name === name) as NamedColumn;
  return [...(column.column as Column & { type: "float8" | "int4" }).values];
}
