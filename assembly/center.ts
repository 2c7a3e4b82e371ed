/** Center, spread and median of weighted points, and the ellipse around them. */
import { angle, Deviations, findAxes } from "./center/deviations";
import { medianOf } from "./center/median";
export * from "./shared/host";

/**
 * Writes x and y of the center, x and y of the median, the standard distance, the semi-axes of the ellipse, and the
 * angle of the longer one. At least one weight is above 0.
 */
export function describe(xs: Float64Array, ys: Float64Array, weights: Float64Array, results: Float64Array): void {
  const d = new Deviations(xs, ys, weights);
  findAxes(d);
  const median = medianOf(d);
  unchecked((results[0] = d.originX + d.unit * d.meanX));
  unchecked((results[1] = d.originY + d.unit * d.meanY));
  unchecked((results[2] = d.originX + d.unit * median.x));
  unchecked((results[3] = d.originY + d.unit * median.y));
  unchecked((results[4] = d.unit * Math.sqrt(d.along + d.across)));
  unchecked((results[5] = d.unit * Math.sqrt(d.along)));
  unchecked((results[6] = d.unit * Math.sqrt(d.across)));
  unchecked((results[7] = angle(d)));
}

/** Writes the vertices of an ellipse, counter-clockwise from an end of the major axis; the angle is in degrees. */
export function outline(
  x: f64,
  y: f64,
  semiMajor: f64,
  semiMinor: f64,
  angle: f64,
  xs: Float64Array,
  ys: Float64Array,
): void {
  const direction = (angle * Math.PI) / 180.0;
  const cosine = Math.cos(direction);
  const sine = Math.sin(direction);
  for (let vertex = 0; vertex < xs.length; vertex++) {
    const turn = (2.0 * Math.PI * <f64>vertex) / <f64>xs.length;
    const u = semiMajor * Math.cos(turn);
    const v = semiMinor * Math.sin(turn);
    unchecked((xs[vertex] = x + u * cosine - v * sine));
    unchecked((ys[vertex] = y + u * sine + v * cosine));
  }
}
