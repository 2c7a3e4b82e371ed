import type pg from "pg";
import { findAnalysis } from "../analyses/index.js";
import { chooseColumns } from "../job/choose-columns.js";
import { NULL_INT, type ColumnData, type ColumnSpec, type Table } from "../table/columns.js";
import { querySource } from "../postgres/source.js";

/**
 * A published result with its places, read back for drawing.
 * @param query gives the id, the place and the columns of the analysis
 */
export async function readResult(
  client: pg.Client,
  analysisName: string,
  query: string,
  places: Record<string, string>,
): Promise<Table> {
  const analysis = findAnalysis(analysisName);
  const source = await querySource(client, query);
  const choice = chooseColumns({ ...analysis, rows: "one" }, places, source.columns);
  const rows = await source.read({ ...choice, values: {}, include: [] }, () => {});
  const result = await client.query<Record<string, string | number | null>>(query);
  return {
    n: rows.n,
    ids: { name: source.columns[choice.id!]!.name, ids: rows.ids },
    geometry: rows.geometry,
    columns: analysis.columns.map((spec) => ({
      name: spec.name,
      data: columnData(
        spec,
        result.rows.map((row) => row[spec.name]!),
      ),
    })),
  };
}

function columnData({ type }: ColumnSpec, cells: (string | number | null)[]): ColumnData {
  switch (type) {
    case "float8":
      return { type, values: Float64Array.from(cells, (cell) => (cell as number | null) ?? NaN) };
    case "int4":
      return { type, values: Int32Array.from(cells, (cell) => (cell as number | null) ?? NULL_INT) };
    case "text": {
      const labels = [...new Set(cells as (string | null)[])];
      return { type, codes: Uint8Array.from(cells, (cell) => labels.indexOf(cell as string | null)), labels };
    }
  }
}
