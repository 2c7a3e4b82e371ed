/**
 * Lengths of geodesics on the ellipsoid WGS 84, on the auxiliary sphere of reduced latitudes. Vincenty (1975),
 * doi:10.1179/sre.1975.23.176.88, which is off by 1e-11 of the length at most; near the antipode, where his iteration
 * does not converge, by bisection for the azimuth, in which the longitude grows: Karney (2013),
 * doi:10.1007/s00190-012-0578-z.
 */

/** Semi-axes in metres, and the flattening. */
const MAJOR = 6378137.0;
const FLATTENING = 1.0 / 298.257223563;
const MINOR = MAJOR * (1.0 - FLATTENING);
const SECOND_ECCENTRICITY_SQUARED = (FLATTENING * (2.0 - FLATTENING)) / ((1.0 - FLATTENING) * (1.0 - FLATTENING));

/** The least radius of curvature: a geodesic is no shorter than this times the arc between geographic coordinates. */
export const LEAST_RADIUS = (MINOR * MINOR) / MAJOR;

const RADIANS = Math.PI / 180.0;

/** Arcs of the sphere longer than this lead near the antipode. */
const FAR = 3.09;

/** A difference of longitudes that is this small, in radians, is none. */
const SETTLED = 1e-15;

const ITERATIONS = 100;

/** Metres along the geodesic between two places in degrees. */
export function geodesic(lon1: f64, lat1: f64, lon2: f64, lat2: f64): f64 {
  let turn = lon2 - lon1;
  turn -= 360.0 * Math.round(turn / 360.0);
  const lambda = min(Math.PI, Math.abs(turn) * RADIANS);
  let beta1 = reduced(lat1);
  let beta2 = reduced(lat2);
  // the first end is the one farther from the equator, and south of it
  if (Math.abs(beta1) < Math.abs(beta2)) {
    const swap = beta1;
    beta1 = beta2;
    beta2 = swap;
  }
  if (beta1 > 0.0) {
    beta1 = -beta1;
    beta2 = -beta2;
  }
  // the equator is a geodesic up to where it is shorter by the poles
  if (beta1 == 0.0 && lambda <= (1.0 - FLATTENING) * Math.PI) return MAJOR * lambda;
  const sin1 = Math.sin(beta1);
  const cos1 = Math.cos(beta1);
  const sin2 = Math.sin(beta2);
  const cos2 = Math.cos(beta2);
  const straight = arcOf(sin1, cos1, sin2, cos2, lambda);
  return straight > FAR ? aroundFar(sin1, cos1, sin2, cos2, lambda) : around(sin1, cos1, sin2, cos2, lambda);
}

/** The latitude on the auxiliary sphere. */
// @ts-ignore: decorator
@inline
function reduced(latitude: f64): f64 {
  return Math.atan((1.0 - FLATTENING) * Math.tan(max(-90.0, min(90.0, latitude)) * RADIANS));
}

/** Sine of the arc between two places on the sphere whose longitudes differ by omega. */
// @ts-ignore: decorator
@inline
function sineOf(sin1: f64, cos1: f64, sin2: f64, cos2: f64, omega: f64): f64 {
  const across = cos2 * Math.sin(omega);
  const along = cos1 * sin2 - sin1 * cos2 * Math.cos(omega);
  return Math.sqrt(across * across + along * along);
}

// @ts-ignore: decorator
@inline
function arcOf(sin1: f64, cos1: f64, sin2: f64, cos2: f64, omega: f64): f64 {
  return Math.atan2(sineOf(sin1, cos1, sin2, cos2, omega), sin1 * sin2 + cos1 * cos2 * Math.cos(omega));
}

/** By iteration of the longitude on the sphere. */
function around(sin1: f64, cos1: f64, sin2: f64, cos2: f64, lambda: f64): f64 {
  let omega = lambda;
  let length = 0.0;
  for (let i = 0; i < ITERATIONS; i++) {
    const sine = sineOf(sin1, cos1, sin2, cos2, omega);
    if (sine == 0.0) return 0.0;
    const cosine = sin1 * sin2 + cos1 * cos2 * Math.cos(omega);
    const arc = Math.atan2(sine, cosine);
    const equator = (cos1 * cos2 * Math.sin(omega)) / sine;
    const square = max(0.0, 1.0 - equator * equator);
    // of the middle, twice as far from the node; along the equator there is none
    const middle = square > 0.0 ? cosine - (2.0 * sin1 * sin2) / square : 0.0;
    length = lengthOf(square, arc, sine, cosine, middle);
    const next = lambda + gainOf(equator, square, arc, sine, cosine, middle);
    if (Math.abs(next - omega) <= SETTLED) break;
    omega = next;
  }
  return length;
}

/** By bisection for the azimuth at the first end. */
function aroundFar(sin1: f64, cos1: f64, sin2: f64, cos2: f64, lambda: f64): f64 {
  // on the equator the first end is south of it by nothing
  const south = sin1 == 0.0 ? -0.0 : sin1;
  let low = 0.0;
  let high = Math.PI;
  let length = 0.0;
  while (true) {
    const azimuth = 0.5 * (low + high);
    const sineAzimuth = Math.sin(azimuth);
    const cosineAzimuth = Math.cos(azimuth);
    const equator = sineAzimuth * cos1;
    const square = max(0.0, 1.0 - equator * equator);
    const north1 = cosineAzimuth * cos1;
    const north2 = Math.sqrt(max(0.0, north1 * north1 + (cos2 * cos2 - cos1 * cos1)));
    const begin = Math.atan2(south, north1);
    const end = Math.atan2(sin2, north2);
    const arc = end - begin;
    const sine = Math.sin(arc);
    const cosine = Math.cos(arc);
    const middle = Math.cos(begin + end);
    const omega = Math.atan2(equator * sin2, north2) - Math.atan2(equator * south, north1);
    length = lengthOf(square, arc, sine, cosine, middle);
    if (azimuth <= low || azimuth >= high) return length;
    if (omega - gainOf(equator, square, arc, sine, cosine, middle) < lambda) low = azimuth;
    else high = azimuth;
  }
}

/** By how much the longitude on the sphere is ahead of that on the ellipsoid. */
// @ts-ignore: decorator
@inline
function gainOf(equator: f64, square: f64, arc: f64, sine: f64, cosine: f64, middle: f64): f64 {
  const c = (FLATTENING / 16.0) * square * (4.0 + FLATTENING * (4.0 - 3.0 * square));
  const wave = middle + c * cosine * (2.0 * middle * middle - 1.0);
  return (1.0 - c) * FLATTENING * equator * (arc + c * sine * wave);
}

/** Metres over an arc of the sphere; the series in Helmert's expansion parameter. */
// @ts-ignore: decorator
@inline
function lengthOf(square: f64, arc: f64, sine: f64, cosine: f64, middle: f64): f64 {
  const root = Math.sqrt(1.0 + square * SECOND_ECCENTRICITY_SQUARED);
  const k = (root - 1.0) / (root + 1.0);
  const a = (1.0 + 0.25 * k * k) / (1.0 - k);
  const b = k * (1.0 - 0.375 * k * k);
  const second = 2.0 * middle * middle - 1.0;
  const third = (b / 6.0) * middle * (4.0 * sine * sine - 3.0) * (4.0 * middle * middle - 3.0);
  return MINOR * a * (arc - b * sine * (middle + 0.25 * b * (cosine * second - third)));
}
