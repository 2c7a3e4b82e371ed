import { toGeoJson } from "./to-geojson.js";
import type { Geometry } from "./geometry.js";

/** Degrees of longitude; a turn is a whole number of strips, so that the date line lies between two. */
const WIDTH = 60;

/**
 * The polygons of a geometry, cut along meridians so that none is wider than 60 degrees or crosses the date line, with
 * longitudes from -180 to 180; as the coordinates of GeoJSON polygons.
 */
export function* strips(geometry: Geometry): Generator<number[][][]> {
  for (let i = 0; i < geometry.kinds.length; i++) {
    const shape = toGeoJson(geometry, i);
    if (shape?.type === "Polygon") yield* stripsOf(shape.coordinates);
    else if (shape?.type === "MultiPolygon") for (const polygon of shape.coordinates) yield* stripsOf(polygon);
  }
}

function* stripsOf(polygon: number[][][]): Generator<number[][][]> {
  const [west, east] = polygon[0]!.reduce(([a, b], [x]) => [Math.min(a!, x!), Math.max(b!, x!)], [Infinity, -Infinity]);
  for (let strip = Math.floor(west! / WIDTH); strip * WIDTH < east!; strip++) {
    const turn = 360 * Math.floor((strip * WIDTH + 180) / 360);
    const [from, to] = [strip * WIDTH, (strip + 1) * WIDTH];
    const rings = polygon
      .map((ring) =>
        cut(
          cut(ring, (x) => x - from),
          (x) => to - x,
        ),
      )
      .map((ring) => ring.map(([x, y]) => [x! - turn, y!]));
    if (rings[0]!.length > 0) yield rings.filter((ring) => ring.length > 0);
  }
}

/** What of a ring lies where `side` is not negative: Sutherland and Hodgman (1974), doi:10.1145/360767.360802. */
function cut(ring: number[][], side: (x: number) => number): number[][] {
  const kept: number[][] = [];
  ring.forEach(([x, y], v) => {
    const [previousX, previousY] = ring.at(v - 1)!;
    const [before, here] = [side(previousX!), side(x!)];
    if (before < 0 !== here < 0) {
      const share = before / (before - here);
      kept.push([previousX! + share * (x! - previousX!), previousY! + share * (y! - previousY!)]);
    }
    if (here >= 0) kept.push([x!, y!]);
  });
  return kept;
}
