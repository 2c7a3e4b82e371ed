import { unpack } from "../table/carry.js";
import type { Carried, Table } from "../table/columns.js";
import { DriveshaftError } from "../errors.js";
import { idText, type Ids } from "../table/raw.js";

/** The highest id that a table of CARTO's can have, whose key cartodb_id is an integer. */
const HIGHEST = 2147483647;

const integers = ["smallint", "integer", "bigint"];

/**
 * Refuses what the columns of a table of CARTO's cannot be: its key cartodb_id is an integer, the_geom a geometry in
 * longitudes and latitudes, and the_geom_webmercator made of it.
 * @throws WRONG_COLUMN_TYPE, INVALID_PARAMETER
 */
export function acceptColumns({ ids, carried }: Pick<Table, "ids" | "carried">): void {
  if (ids?.name === "cartodb_id") acceptIds(ids.ids);
  const columns = carried?.columns ?? [];
  if (columns.some(({ name }) => name === "cartodb_id")) {
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      "include names cartodb_id, which CARTO takes for the key of the table, and the id is another column",
      { hint: "Make it the id, or give it another name in the query." },
    );
  }
  const at = columns.findIndex(({ name }) => name === "the_geom");
  if (at >= 0) acceptGeometry(carried!, at);
  else if (columns.some(({ name }) => name === "the_geom_webmercator")) {
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      "include names the_geom_webmercator, which CARTO makes of the_geom, without that",
      { hint: "Include the_geom; the_geom_webmercator comes with it." },
    );
  }
}

function acceptIds(ids: Ids): void {
  const hint = "Give it another name in the query, and name that with the parameter id.";
  if (!integers.includes(ids.type)) {
    throw new DriveshaftError(
      "WRONG_COLUMN_TYPE",
      `the id column cartodb_id is of type ${ids.type}; on CARTO it is an integer`,
      { hint },
    );
  }
  for (let row = 0; row < ids.offsets.length - 1; row++) {
    if (Math.abs(idNumber(ids, row)) <= HIGHEST) continue;
    throw new DriveshaftError(
      "WRONG_COLUMN_TYPE",
      `the row with cartodb_id ${idText(ids, row)}: on CARTO it is an integer, up to ${HIGHEST}`,
      { hint },
    );
  }
}

/** Ids of any integer type as those of the type integer. */
export function integerIds(ids: Ids): Ids {
  const n = ids.offsets.length - 1;
  const bytes = new Uint8Array(4 * n);
  const view = new DataView(bytes.buffer);
  for (let row = 0; row < n; row++) view.setInt32(4 * row, idNumber(ids, row));
  return {
    type: "integer",
    encoding: "integer",
    bytes,
    offsets: Int32Array.from({ length: n + 1 }, (_, row) => 4 * row),
  };
}

/** An id of an integer type; of one beyond 2^53, a number near it. */
function idNumber({ bytes, offsets }: Ids, row: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offsets[row]!, offsets[row + 1]! - offsets[row]!);
  if (view.byteLength === 8) return view.getInt32(0) * 2 ** 32 + view.getUint32(4);
  return view.byteLength === 4 ? view.getInt32(0) : view.getInt16(0);
}

/** What PostGIS adds to the type of a geometry in its binary form. */
const WITH_Z_OR_M = 0xc0000000;
const WITH_SRID = 0x20000000;

function acceptGeometry(carried: Carried, column: number): void {
  const { type } = carried.columns[column]!;
  const refuse = (what: string): DriveshaftError =>
    new DriveshaftError("WRONG_COLUMN_TYPE", `the column the_geom ${what}; on CARTO it is a geometry of SRID 4326`, {
      hint: "Convert it in the query, by ST_Transform, ST_Force2D or ST_GeomFromGeoJSON, or give it another name.",
    });
  if (type.split(".").at(-1) !== "geometry") throw refuse(`is of type ${type}`);
  const rows = unpack(carried);
  for (let row = 0; row < carried.lengths.length; row++) {
    const bytes = rows.next(row);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    for (let before = 0; before < column; before++) at += 4 + Math.max(0, view.getInt32(at));
    if (view.getInt32(at) < 0) continue;
    const little = view.getUint8(at + 4) === 1;
    const kind = view.getUint32(at + 5, little);
    const srid = kind & WITH_SRID ? view.getInt32(at + 9, little) : 0;
    if (srid !== 0 && srid !== 4326) throw refuse(`has the SRID ${srid}`);
    if (kind & WITH_Z_OR_M) throw refuse("has more than two dimensions");
  }
}
