import { DriveshaftError } from "../errors.js";
import { DEGREES, mayBeDegrees, type Places } from "../geometry/place.js";
import type { Progress } from "../job/progress.js";
import { spatialType, typed } from "../postgres/spatial-types.js";
import type { NamedColumn } from "../table/column.js";
import { placesColumns, type Table } from "../table/table.js";
import type { Carto } from "./client.js";
import { quoted, type CartoTarget } from "./target.js";

/** Takes the geometry of a result whose coordinates are no longitudes and latitudes, until the_geom is made of it. */
export const UNPROJECTED = "driveshaft_unprojected";

/** A result as CARTO has geometries. */
interface WithTheGeom {
  table: Table;
  /** The column that the_geom has to be made of, where it cannot be filled at once. */
  unprojected: Places | undefined;
  warnings: string[];
}

/**
 * The first geometry of a result becomes the_geom, unless that is carried from the query; others stay columns of their
 * own.
 */
export function withTheGeom(table: Table): WithTheGeom {
  const carried = table.columns.some(({ name, column }) => name === "the_geom" && column.type === "raw");
  const chosen = carried ? undefined : placesColumns(table)[0];
  let unprojected: Places | undefined;
  const warnings: string[] = [];
  const columns = table.columns.map(({ name, column }): NamedColumn => {
    if (column.type !== "geometry") return { name, column };
    if (name !== chosen?.name) return { name, column: typed(column, spatialType(column)) };
    const geometry = { ...column, geography: false };
    if (isInDegrees(column)) return { name: "the_geom", column: typed({ ...geometry, srid: DEGREES }, "geometry") };
    if (column.srid > 0) {
      unprojected = typed(geometry, "geometry");
      return { name: UNPROJECTED, column: unprojected };
    }
    warnings.push(
      `the column ${JSON.stringify(name)} is not the_geom: ` +
        "it has no SRID, and coordinates beyond longitudes and latitudes",
    );
    return { name, column: typed(geometry, "geometry") };
  });
  return { table: { ...table, columns }, unprojected, warnings };
}

/** Coordinates without an SRID are taken for longitudes and latitudes where they may be. */
const isInDegrees = ({ geometry, srid }: Places): boolean => srid === DEGREES || (srid <= 0 && mayBeDegrees(geometry));

/** Rows that are projected at a time: few enough for the time that a statement may take. */
const STEP = 10_000;

/** Below every id that a table of CARTO's can have. */
const BEFORE_ALL = -2147483648;

/** Makes the_geom of what a table has unprojected. */
export async function project(
  carto: Carto,
  staging: CartoTarget,
  { geometry, srid }: Places,
  progress: Progress,
): Promise<void> {
  const name = quoted(staging);
  const n = geometry.kinds.length;
  let done = 0;
  for (let last = BEFORE_ALL; done < n;) {
    const { rows } = await carto
      .sql(
        `WITH step AS (SELECT cartodb_id FROM ${name} WHERE cartodb_id > ${last} ORDER BY cartodb_id LIMIT ${STEP}),
              projected AS (UPDATE ${name} t SET the_geom = ST_Transform(${UNPROJECTED}, ${DEGREES})
                              FROM step WHERE t.cartodb_id = step.cartodb_id)
         SELECT max(cartodb_id)::float8 AS last, count(*)::float8 AS taken FROM step`,
      )
      .catch((error: unknown) => {
        throw projectionError(srid, error);
      });
    const step = rows[0] as { last: number | null; taken: number };
    if (step.last === null) throw new DriveshaftError("WRITE_FAILED", `CARTO has ${done} of ${n} rows`);
    last = step.last;
    done += step.taken;
    progress(done / n);
  }
}

function projectionError(srid: number, error: unknown): unknown {
  if (!(error instanceof DriveshaftError) || error.code !== "QUERY_FAILED") return error;
  return new DriveshaftError(
    "WRITE_FAILED",
    `coordinates of SRID ${srid} cannot be made longitudes and latitudes: ${error.message}`,
    { hint: "Use ST_Transform(geom, 4326) in the query.", cause: error },
  );
}
