import type pg from "pg";
import { geometryFromGeoJson } from "driveshaft";
import type { Summary } from "#dist/compute/summary.js";
import type { Places } from "#dist/geometry/place.js";
import type { Table } from "#dist/table/table.js";

/** A closed square with its lower left corner at (x, y). */
export const square = (x: number, y: number, size: number): number[][] => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
  [x, y],
];

const unit = { type: "Polygon", coordinates: [square(5, 5, 1)] };
const point = { type: "Point", coordinates: [1.5, -2] };
const hollow = { type: "Polygon", coordinates: [square(0, 0, 4), square(1, 1, 1), square(2, 2, 1)] };
const islands = { type: "MultiPolygon", coordinates: [[square(0, 0, 4), square(1, 1, 2)], [square(9, 0, 1)]] };

/** Places of each shape, each with none in its last row; what they are as GeoJSON and as WKT. */
export const shapes = {
  Point: [point, null],
  Polygon: [hollow, unit, null],
  MultiPolygon: [hollow, islands, null],
  Geometry: [point, hollow, islands, null],
};

export const wkt = new Map<object | null, string | null>([
  [null, null],
  [unit, "POLYGON ((5 5, 6 5, 6 6, 5 6, 5 5))"],
  [point, "POINT (1.5 -2)"],
  [hollow, "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 2 1, 2 2, 1 2, 1 1), (2 2, 3 2, 3 3, 2 3, 2 2))"],
  [islands, "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 3 1, 3 3, 1 3, 1 1)), ((9 0, 10 0, 10 1, 9 1, 9 0)))"],
]);

export const placesOf = (geometries: (object | null)[], srid = 0, geography = false): Places => ({
  type: "geometry",
  geometry: geometryFromGeoJson(geometries.map((geometry) => ({ geometry }))),
  srid,
  geography,
});

/** A result whose rows have a place and a number; columns of places by name, with their geometries. */
export function tableOfPlaces(
  columns: Record<string, { of: (object | null)[]; srid?: number; geography?: boolean }>,
): Table {
  const n = Object.values(columns)[0]!.of.length;
  return {
    n,
    key: [],
    columns: [
      ...Object.entries(columns).map(([name, { of, srid, geography }]) => ({
        name,
        column: placesOf(of, srid, geography),
      })),
      { name: "area", column: { type: "float8", values: Float64Array.from({ length: n }, (_, row) => row / 2) } },
    ],
  };
}

export const summaryOf = (table: Table): Summary => ({
  analysis: "hulls",
  version: 1,
  parameters: {},
  rows: { read: table.n, used: table.n, undefined: 0 },
  warnings: [],
});

/** WKT of a geometry as PostGIS writes it. */
export const compactWkt = (geometry: object | null): string | null =>
  wkt.get(geometry)?.replace(/ \(/, "(").replace(/, /g, ",") ?? null;

/** The type of a table's column, as SQL writes it. */
export async function columnType(client: pg.Client, table: string, column = "hull"): Promise<string> {
  const { rows } = await client.query<{ type: string }>(
    "SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = $1::regclass AND attname = $2",
    [table, column],
  );
  return rows[0]!.type;
}
