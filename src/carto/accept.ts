import { DriveshaftError } from "../errors.js";
import { length, type NamedColumn } from "../table/column.js";
import { isNull, rawText, viewOf, type Raw } from "../table/raw.js";

/** The highest id that a table of CARTO's can have, whose key cartodb_id is an integer. */
const HIGHEST = 2147483647;

const integers = ["smallint", "integer", "bigint"];

const RENAME = "Give it another name in the query, and name that with the parameter id.";

/**
 * Refuses what the columns of a table of CARTO's cannot be: its key cartodb_id is an integer, the_geom a geometry in
 * longitudes and latitudes, and the_geom_webmercator made of it.
 * @throws WRONG_COLUMN_TYPE, INVALID_PARAMETER
 */
export function acceptColumns([id, ...included]: NamedColumn[], isRepeated: boolean): void {
  if (id?.name === "cartodb_id" && isRepeated) {
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      "a row may be in the result several times, with its cartodb_id, which is unique in a table of CARTO's",
      { hint: RENAME },
    );
  }
  if (id?.name === "cartodb_id") acceptIds(id.column as Raw);
  if (included.some(({ name }) => name === "cartodb_id")) {
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      "include names cartodb_id, which CARTO takes for the key of the table, and the id is another column",
      { hint: "Make it the id, or give it another name in the query." },
    );
  }
  const geometry = included.find(({ name }) => name === "the_geom");
  if (geometry) acceptGeometry(geometry.column as Raw);
  else if (included.some(({ name }) => name === "the_geom_webmercator")) {
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      "include names the_geom_webmercator, which CARTO makes of the_geom, without that",
      { hint: "Include the_geom; the_geom_webmercator comes with it." },
    );
  }
}

function acceptIds(ids: Raw): void {
  if (!integers.includes(ids.sqlType)) {
    throw new DriveshaftError(
      "WRONG_COLUMN_TYPE",
      `the id column cartodb_id is of type ${ids.sqlType}; on CARTO it is an integer`,
      { hint: RENAME },
    );
  }
  for (let row = 0; row < length(ids); row++) {
    if (Math.abs(Number(rawText(ids, row))) <= HIGHEST) continue;
    throw new DriveshaftError(
      "WRONG_COLUMN_TYPE",
      `the row with cartodb_id ${rawText(ids, row)}: on CARTO it is an integer, up to ${HIGHEST}`,
      { hint: RENAME },
    );
  }
}

/** What PostGIS adds to the type of a geometry in its binary form. */
const WITH_Z_OR_M = 0xc0000000;
const WITH_SRID = 0x20000000;

function acceptGeometry(column: Raw): void {
  const refuse = (what: string): DriveshaftError =>
    new DriveshaftError("WRONG_COLUMN_TYPE", `the column the_geom ${what}; on CARTO it is a geometry of SRID 4326`, {
      hint: "Convert it in the query, by ST_Transform, ST_Force2D or ST_GeomFromGeoJSON, or give it another name.",
    });
  if (column.sqlType.split(".").at(-1) !== "geometry") throw refuse(`is of type ${column.sqlType}`);
  for (let row = 0; row < length(column); row++) {
    if (isNull(column, row)) continue;
    const view = viewOf(column, row);
    const little = view.getUint8(0) === 1;
    const kind = view.getUint32(1, little);
    const srid = kind & WITH_SRID ? view.getInt32(5, little) : 0;
    if (srid !== 0 && srid !== 4326) throw refuse(`has the SRID ${srid}`);
    if (kind & WITH_Z_OR_M) throw refuse("has more than two dimensions");
  }
}
