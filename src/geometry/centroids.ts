import type { Geometry } from "./geometry.js";
import { ringsOfFeatures } from "./take-features.js";

/**
 * Area centroids of polygons (holes taken away), points as they are, NaN for features without a place. A feature
 * without area, such as a polygon on a line, gets the mean of its vertices.
 */
export function centroids(geometry: Geometry): { xs: Float64Array; ys: Float64Array } {
  const n = geometry.kinds.length;
  const firstRing = ringsOfFeatures(geometry);
  const xs = new Float64Array(n).fill(NaN);
  const ys = new Float64Array(n).fill(NaN);
  for (let i = 0; i < n; i++) {
    const begin = geometry.featureOffsets[i]!;
    const end = geometry.featureOffsets[i + 1]!;
    if (end === begin) continue;
    // relative to the first vertex, so that small areas far from the origin keep their digits
    const x0 = geometry.xs[begin]!;
    const y0 = geometry.ys[begin]!;
    let area = 0;
    let sumX = 0;
    let sumY = 0;
    for (let ring = firstRing[i]!; ring < firstRing[i + 1]!; ring++) {
      const part = ringMoments(geometry, ring, x0, y0);
      const sign = Math.sign(part.area) * (geometry.holes[ring] ? -1 : 1);
      area += sign * part.area;
      sumX += sign * part.x;
      sumY += sign * part.y;
    }
    if (area > 0) {
      xs[i] = x0 + sumX / (3 * area);
      ys[i] = y0 + sumY / (3 * area);
    } else {
      xs[i] = mean(geometry.xs, begin, end);
      ys[i] = mean(geometry.ys, begin, end);
    }
  }
  return { xs, ys };
}

/** Twice the signed area of a ring, and its first moments times six. */
function ringMoments(
  { xs, ys, ringOffsets }: Geometry,
  ring: number,
  x0: number,
  y0: number,
): { area: number; x: number; y: number } {
  const begin = ringOffsets[ring]!;
  const end = ringOffsets[ring + 1]!;
  let area = 0;
  let x = 0;
  let y = 0;
  for (let v = begin, previous = end - 1; v < end; previous = v++) {
    const ax = xs[previous]! - x0;
    const ay = ys[previous]! - y0;
    const bx = xs[v]! - x0;
    const by = ys[v]! - y0;
    const cross = ax * by - bx * ay;
    area += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  return { area, x, y };
}

function mean(values: Float64Array, begin: number, end: number): number {
  let sum = 0;
  for (let v = begin; v < end; v++) sum += values[v]!;
  return sum / (end - begin);
}
