import { EARTH_RADIUS } from "./earth.js";
import { POLYGON, type Geometry } from "./geometry.js";
import { ringsOfFeatures } from "./take-features.js";

/** Area of all polygons together, holes taken away, in squared units of the coordinates. */
export const planarArea = (geometry: Geometry): number =>
  areaOf(
    geometry,
    (x) => x,
    (y) => y,
  );

const RADIANS = Math.PI / 180;

/** The same in square metres on the sphere, with edges that are straight on Lambert's map, which keeps areas. */
export const sphericalArea = (geometry: Geometry): number =>
  EARTH_RADIUS ** 2 *
  areaOf(
    geometry,
    (longitude) => longitude * RADIANS,
    (latitude) => Math.sin(latitude * RADIANS),
  );

function areaOf(geometry: Geometry, xOf: (x: number) => number, yOf: (y: number) => number): number {
  const { ringOffsets, holes, kinds } = geometry;
  const [xs, ys] = [geometry.xs.map(xOf), geometry.ys.map(yOf)];
  const rings = ringsOfFeatures(geometry);
  let sum = 0;
  for (let i = 0; i < kinds.length; i++) {
    if (kinds[i] !== POLYGON) continue;
    for (let ring = rings[i]!; ring < rings[i + 1]!; ring++) {
      const [begin, end] = [ringOffsets[ring]!, ringOffsets[ring + 1]!];
      // relative to the first vertex, so that small areas far from the origin keep their digits
      const [x0, y0] = [xs[begin]!, ys[begin]!];
      let twice = 0;
      for (let v = begin + 1; v < end; v++) {
        twice += (xs[v - 1]! - x0) * (ys[v]! - y0) - (xs[v]! - x0) * (ys[v - 1]! - y0);
      }
      sum += (holes[ring] ? -1 : 1) * Math.abs(twice / 2);
    }
  }
  return sum;
}
