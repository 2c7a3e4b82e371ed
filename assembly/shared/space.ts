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

/** Writes the unit vectors of longitudes and latitudes in degrees. */
export function toUnitSphere(lons: Float64Array, lats: Float64Array, xs: Float64Array, ys: Float64Array, zs: Float64Array): void {
  for (let i = 0; i < lons.length; i++) {
    const lon = unchecked(lons[i]) * RADIANS;
    const lat = unchecked(lats[i]) * RADIANS;
    unchecked((xs[i] = Math.cos(lat) * Math.cos(lon)));
    unchecked((ys[i] = Math.cos(lat) * Math.sin(lon)));
    unchecked((zs[i] = Math.sin(lat)));
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

/** The arc in radians under a chord of the unit sphere. */
export function arc(chord: f64): f64 {
  return 2.0 * Math.asin(min(1.0, 0.5 * chord));
}
