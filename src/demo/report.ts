import type pg from "pg";
import type { ColumnType } from "../analyses/analysis.js";
import { findAnalysis } from "../analyses/index.js";
import type { Places } from "../geometry/place.js";
import { chooseColumns } from "../job/choose-columns.js";
import { querySource } from "../postgres/source.js";
import type { Cell } from "../table/cell.js";
import { NULL_INT4, type Column } from "../table/column.js";
import type { Table } from "../table/table.js";

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
  // of a result of several rows nothing is included
  const { readings, id } = chooseColumns({ ...analysis, rows: "several" }, places, source.columns);
  const { n, columns } = await source.read(readings, () => {});
  await source.close?.();
  const [ids, place] = columns as [Column, Places];
  const result = await client.query<Record<string, Cell>>(query);
  return {
    n,
    key: [id!],
    places: place,
    columns: [
      { name: id!, column: ids },
      ...analysis.columns.map(({ name, type }) => ({
        name,
        column: columnOf(
          type,
          result.rows.map((row) => row[name]!),
        ),
      })),
    ],
  };
}

/** A column of the cells that the server has shown. */
function columnOf(type: ColumnType, cells: Cell[]): Column {
  switch (type) {
    case "float8":
      return { type, values: Float64Array.from(cells, (cell) => (cell as number | null) ?? NaN) };
    case "int4":
      return { type, values: Int32Array.from(cells, (cell) => (cell as number | null) ?? NULL_INT4) };
    case "text": {
      const labels = [...new Set(cells as (string | null)[])];
      return { type, codes: Int32Array.from(cells, (cell) => labels.indexOf(cell as string | null)), labels };
    }
    default:
      throw new Error("a result's own geometry is not read back");
  }
}
