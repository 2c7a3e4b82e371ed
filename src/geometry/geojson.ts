import { DriveshaftError, shown } from "../errors.js";
import { coordinateFault, DEEPEST, type GeometryBuilder } from "./geometry.js";

const EXPECTED = "a Point, Polygon or MultiPolygon";

/** Types that are no place, unless they are empty. */
const OTHERS = ["LineString", "MultiLineString", "GeometryCollection"];

/** Adds a GeoJSON geometry (RFC 7946) or null to the builder. `where` names the row in errors. */
export function readGeoJson(geometry: unknown, builder: GeometryBuilder, where: () => string): void {
  function fail(what: string): never {
    throw new DriveshaftError("INVALID_GEOMETRY", `${where()}: ${what}`, {
      hint: `Expected GeoJSON: ${EXPECTED}.`,
    });
  }
  function array(value: unknown, what: string): unknown[] {
    return Array.isArray(value) ? (value as unknown[]) : fail(`${what} should be an array`);
  }
  function position(value: unknown): [number, number] {
    const [x, y] = array(value, "a position");
    if (typeof x !== "number" || typeof y !== "number") fail(`a position is ${shown(value)}, expected two numbers`);
    const fault = coordinateFault(x, y);
    if (fault !== undefined) fail(fault);
    return [x, y];
  }
  function rings(value: unknown): void {
    array(value, "a polygon").forEach((ring, number) => {
      for (const vertex of array(ring, "a ring")) builder.vertex(...position(vertex));
      builder.ring(number > 0);
    });
  }

  if (geometry === null) return builder.nowhere();
  if (typeof geometry !== "object" || !("type" in geometry)) fail("not a GeoJSON geometry");
  if (OTHERS.includes(geometry.type as string)) {
    return empty(geometry) ? builder.nowhere() : fail(`a ${geometry.type as string}, expected ${EXPECTED}`);
  }
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
      fail(`the type is ${shown(geometry.type)}, expected ${EXPECTED}`);
  }
}

/** Whether a line or a collection has nothing in it, nor in what it holds. */
function empty(geometry: unknown, depth = 0): boolean {
  const { geometries, coordinates } = (geometry ?? {}) as { geometries?: unknown; coordinates?: unknown };
  const parts = geometries ?? coordinates;
  if (!Array.isArray(parts) || depth > DEEPEST) return false;
  return parts.every((part) =>
    geometries === undefined ? Array.isArray(part) && part.length === 0 : empty(part, depth + 1),
  );
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
