import { readFileSync } from "node:fs";
import path from "node:path";
import { geometryFromGeoJson } from "#dist/index.js";
import type { Geometry } from "#dist/geometry/geometry.js";

export interface Fixture {
  geometry: Geometry;
  column(name: string): Float64Array;
}

export function fixturePath(name: string): string {
  return path.resolve("test/fixtures", name);
}

/** A GeoJSON data set of test/fixtures; see NOTICE for its source. */
export function fixture(name: "columbus" | "nc_sids"): Fixture {
  const { features } = JSON.parse(readFileSync(fixturePath(`${name}.geojson`), "utf8")) as {
    features: { geometry: unknown; properties: Record<string, number> }[];
  };
  return {
    geometry: geometryFromGeoJson(features),
    column: (column) => Float64Array.from(features, (feature) => feature.properties[column]!),
  };
}

/** The columns of numbers of a CSV data set of test/fixtures; see NOTICE for its source. */
export function csvFixture(name: "georgia"): (column: string) => Float64Array {
  const lines = readFileSync(fixturePath(`${name}.csv`), "utf8")
    .trim()
    .split(/\r?\n/);
  const [names, ...rows] = lines.map((line) => line.split(","));
  return (column) => Float64Array.from(rows, (row) => Number(row[names!.indexOf(column)]));
}
