/**
 * The two spaces of the kernels that measure distance: the plane, and space for points on the unit sphere, where the
 * straight chord orders pairs as the great circle does. As type arguments they select code at compile time.
 */
export class Plane {}
export class Space {}

// @ts-ignore: decorator
@inline
export function dimensions<D>(): i32 {
  return idof<D>() == idof<Space>() ? 3 : 2;
}

const RADIANS = Math.PI / 180.0;

/** A longitude within half a turn, in radians: 190 and -170 degrees are one place, to the last digit. */
// @ts-ignore: decorator
@inline
function turned(degrees: f64): f64 {
  return (degrees > 180.0 ? degrees - 360.0 : degrees <= -180.0 ? degrees + 360.0 : degrees) * RADIANS;
}

/** The length of a latitude's radius; a pole is one place, whatever its longitude. */
// @ts-ignore: decorator
@inline
function shadow(degrees: f64): f64 {
  return Math.abs(degrees) >= 90.0 ? 0.0 : Math.cos(degrees * RADIANS);
}

/** Writes the unit vectors of longitudes, at most a turn, and latitudes in degrees. */
export function toUnitSphere(lons: Float64Array, lats: Float64Array, xs: Float64Array, ys: Float64Array, zs: Float64Array): void {
  for (let i = 0; i < lons.length; i++) {
    const lon = turned(unchecked(lons[i]));
    const lat = unchecked(lats[i]);
    unchecked((xs[i] = shadow(lat) * Math.cos(lon)));
    unchecked((ys[i] = shadow(lat) * Math.sin(lon)));
    unchecked((zs[i] = Math.sin(lat * RADIANS)));
  }
}

/** Longitude in degrees of a vector. */
export function longitude(x: f64, y: f64): f64 {
  return Math.atan2(y, x) / RADIANS;
}

/** Latitude in degrees of a unit vector. */
export function latitude(x: f64, y: f64, z: f64): f64 {
  return Math.atan2(z, Math.sqrt(x * x + y * y)) / RADIANS;
}

/**
 * The square of the chord over an arc in radians, for telling what lies within it. Beyond a quarter of the
 * circumference chords hardly grow, so it is wider by their rounding; within half of it is everything.
 */
export function squareOverArc(radians: f64): f64 {
  if (radians >= Math.PI) return Infinity;
  const chord = 2.0 * Math.sin(0.5 * radians);
  return chord * chord + (radians > 0.5 * Math.PI ? 8.0 * f64.EPSILON : 0.0);
}

/** The arc in radians under a chord of the unit sphere. */
export function arc(chord: f64): f64 {
  return 2.0 * Math.asin(min(1.0, 0.5 * chord));
}
