/**
 * Centroids of polygons on the unit sphere, bounded by great-circle arcs: the direction of the integral of the unit
 * vectors over the polygon. By Stokes that is half the sum over the edges of their angle times the unit normal of their
 * plane. A ring bounds the smaller of its two sides, whatever way it turns.
 *
 * In a small polygon that sum would cancel all its digits. So places are taken relative to the first vertex of their
 * ring, in its frame (east, north, up), where what sums to zero around a ring is left out: for edges from p + a to p +
 * b, sum (p + a) x (p + b) = sum a x b.
 */
import { latitude, longitude, toUnitSphere } from "./shared/space";
export * from "./shared/host";

/** A polygon: its vertices, as unit vectors, and sums over its rings of the integral, the area and the chords. */
@final
class Polygon {
  x: f64 = 0.0;
  y: f64 = 0.0;
  z: f64 = 0.0;
  area: f64 = 0.0;
  outline: f64 = 0.0;

  constructor(
    public xs: Float64Array,
    public ys: Float64Array,
    public zs: Float64Array,
  ) {}
}

/**
 * By how much the ratio of an angle to its sine exceeds 1, from half the chord; of opposite ends, which no one arc
 * joins, 0.
 */
function excessOfAngle(half: f64): f64 {
  const square = half * half;
  if (half < 0.01) return square * (2.0 / 3.0 + square * (8.0 / 15.0 + square * (16.0 / 35.0 + square * (128.0 / 315.0))));
  return square < 1.0 ? Math.asin(half) / (half * Math.sqrt(1.0 - square)) - 1.0 : 0.0;
}

/** Adds the ring of vertices begin .. end - 1 to the sums, a hole negative. */
function addRing(polygon: Polygon, begin: i32, end: i32, hole: bool): void {
  const xs = polygon.xs;
  const ys = polygon.ys;
  const zs = polygon.zs;
  const px = unchecked(xs[begin]);
  const py = unchecked(ys[begin]);
  const pz = unchecked(zs[begin]);
  const radius = Math.sqrt(px * px + py * py);
  const eastX = radius > 0.0 ? -py / radius : 1.0;
  const eastY = radius > 0.0 ? px / radius : 0.0;
  const northX = -pz * eastY;
  const northY = pz * eastX;
  const northZ = px * eastY - py * eastX;

  let east = 0.0;
  let north = 0.0;
  let up = 0.0;
  let excess = 0.0;
  let outline = polygon.outline;
  // the vertex before, in space and in the frame
  let x = px;
  let y = py;
  let z = pz;
  let u = 0.0;
  let v = 0.0;
  let w = 0.0;
  for (let i = begin + 1; i <= end; i++) {
    const at = i < end ? i : begin;
    const nextX = unchecked(xs[at]);
    const nextY = unchecked(ys[at]);
    const nextZ = unchecked(zs[at]);
    const dx = nextX - px;
    const dy = nextY - py;
    const dz = nextZ - pz;
    const nextU = dx * eastX + dy * eastY;
    const nextV = dx * northX + dy * northY + dz * northZ;
    // both ends are unit vectors
    const nextW = -0.5 * (dx * dx + dy * dy + dz * dz);
    const edge = (nextX - x) * (nextX - x) + (nextY - y) * (nextY - y) + (nextZ - z) * (nextZ - z);
    const chord = Math.sqrt(edge);
    const more = excessOfAngle(0.5 * chord);
    const cross = u * nextV - v * nextU;
    east += (1.0 + more) * (v * nextW - w * nextV) - more * (nextV - v);
    north += (1.0 + more) * (w * nextU - u * nextW) + more * (nextU - u);
    up += (1.0 + more) * cross;
    // of the triangle with the first vertex: van Oosterom and Strackee (1983), doi:10.1109/TBME.1983.325207
    excess += 2.0 * Math.atan2(cross, 4.0 + w + nextW - 0.5 * edge);
    outline += chord;
    x = nextX;
    y = nextY;
    z = nextZ;
    u = nextU;
    v = nextV;
    w = nextW;
  }
  // the area to the left, but for whole spheres: negative where the smaller side lies to the right
  excess -= 4.0 * Math.PI * nearest(excess / (4.0 * Math.PI));
  const sign = excess < 0.0 != hole ? -0.5 : 0.5;
  polygon.x += sign * (east * eastX + north * northX + up * px);
  polygon.y += sign * (east * eastY + north * northY + up * py);
  polygon.z += sign * (north * northZ + up * pz);
  polygon.outline = outline;
  polygon.area += hole ? -Math.abs(excess) : Math.abs(excess);
}

/**
 * Takes the sum of the vertices begin .. end - 1 instead of the integral, or the first where they cancel each other.
 */
function takeVertices(polygon: Polygon, begin: i32, end: i32): void {
  const xs = polygon.xs;
  const ys = polygon.ys;
  const zs = polygon.zs;
  polygon.x = 0.0;
  polygon.y = 0.0;
  polygon.z = 0.0;
  for (let i = begin; i < end; i++) {
    polygon.x += unchecked(xs[i]);
    polygon.y += unchecked(ys[i]);
    polygon.z += unchecked(zs[i]);
  }
  const size = Math.abs(polygon.x) + Math.abs(polygon.y) + Math.abs(polygon.z);
  if (size > f64.EPSILON * <f64>(end - begin)) return;
  polygon.x = unchecked(xs[begin]);
  polygon.y = unchecked(ys[begin]);
  polygon.z = unchecked(zs[begin]);
}

/**
 * Writes the centroids of polygons in degrees: polygon i has the rings firstRings[i] .. endRings[i] - 1. Coordinates
 * are longitudes and latitudes in degrees; ringOffsets: where each ring's vertices begin, one more at the end; holes: 1
 * where a ring is one. A polygon without area gets the direction of the sum of its vertices.
 */
export function centroids(
  lons: Float64Array,
  lats: Float64Array,
  ringOffsets: Int32Array,
  holes: Int32Array,
  firstRings: Int32Array,
  endRings: Int32Array,
  centroidLons: Float64Array,
  centroidLats: Float64Array,
): void {
  const n = lons.length;
  const xs = new Float64Array(n);
  const ys = new Float64Array(n);
  const zs = new Float64Array(n);
  toUnitSphere(lons, lats, xs, ys, zs);
  const polygon = new Polygon(xs, ys, zs);
  for (let i = 0; i < firstRings.length; i++) {
    const firstRing = unchecked(firstRings[i]);
    const endRing = unchecked(endRings[i]);
    polygon.x = 0.0;
    polygon.y = 0.0;
    polygon.z = 0.0;
    polygon.area = 0.0;
    polygon.outline = 0.0;
    for (let ring = firstRing; ring < endRing; ring++) {
      addRing(polygon, unchecked(ringOffsets[ring]), unchecked(ringOffsets[ring + 1]), unchecked(holes[ring]) == 1);
    }
    // an area that is no more than the rounding of its outline is none
    if (polygon.area <= 4.0 * f64.EPSILON * polygon.outline) {
      takeVertices(polygon, unchecked(ringOffsets[firstRing]), unchecked(ringOffsets[endRing]));
    }
    unchecked((centroidLons[i] = longitude(polygon.x, polygon.y)));
    unchecked((centroidLats[i] = latitude(polygon.x, polygon.y, polygon.z)));
  }
}
