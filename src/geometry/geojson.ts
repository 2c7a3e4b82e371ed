import { DriveshaftError } from "../errors.js";
import type { GeometryBuilder } from "./geometry.js";

/** Adds a GeoJSON geometry (RFC 7946) or null to the builder. `where` names the row in errors. */
export function readGeoJson(geometry: unknown, builder: GeometryBuilder, where: () => string): void {
  function fail(what: string): never {
    throw new DriveshaftError("INVALID_GEOMETRY", `${where()}: ${what}`, {
      hint: "Expected a GeoJSON Point, Polygon or MultiPolygon.",
    });
  }
  function array(value: unknown, what: string): unknown[] {
    return Array.isArray(value) ? (value as unknown[]) : fail(`${what} should be an array`);
  }
  function position(value: unknown): [number, number] {
    const [x, y] = array(value, "a position");
    if (!Number.isFinite(x) || !Number.isFinite(y))
      fail(`a position is ${JSON.stringify(value)}, expected two finite numbers`);
    return [x as number, y as number];
  }
  function rings(value: unknown): void {
    array(value, "a polygon").forEach((ring, number) => {
      for (const vertex of array(ring, "a ring")) builder.vertex(...position(vertex));
      builder.ring(number > 0);
    });
  }

  if (geometry === null) return builder.nowhere();
  if (typeof geometry !== "object" || !("type" in geometry)) fail("not a GeoJSON geometry");
  const coordinates = array(
    (geometry as { coordinates?: unknown }).coordinates ?? fail("a geometry without coordinates"),
    "coordinates",
  );
  switch (geometry.type) {
    case "Point":
      return coordinates.length === 0 ? builder.nowhere() : builder.point(...position(coordinates));
    case "MultiPoint":
      if (coordinates.length > 1) fail(`a MultiPoint of ${coordinates.length} points, expected one place a row`);
      return coordinates.length === 0 ? builder.nowhere() : builder.point(...position(coordinates[0]));
    case "Polygon":
      rings(coordinates);
      return builder.polygon();
    case "MultiPolygon":
      coordinates.forEach(rings);
      return builder.polygon();
    default:
      fail(`a ${String(geometry.type)}, expected a Point, Polygon or MultiPolygon`);
  }
}

/** The same from text, as a column of type text, json or jsonb holds it. */
export function readGeoJsonText(text: string, builder: GeometryBuilder, where: () => string): void {
  let geometry: unknown;
  try {
    geometry = JSON.parse(text);
  } catch (cause) {
    throw new DriveshaftError("INVALID_GEOMETRY", `${where()}: the text is not JSON: ${(cause as Error).message}`, {
      hint: "A text column has to hold GeoJSON geometries, as ST_AsGeoJSON(geom) returns them.",
      cause,
    });
  }
  readGeoJson(geometry, builder, where);
}
