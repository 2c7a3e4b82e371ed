/**
 * Results on the sphere. Points and centers are unit vectors, distances chords; the direction of the mean of points
 * minimises the sum of squared chords (Dhillon and Modha 2001, doi:10.1023/A:1007612920971).
 */
import { arc, latitude, longitude } from "../shared/space";

/** Makes arcs in radians of chords. */
export function toArcs(chords: Float64Array): void {
  for (let i = 0; i < chords.length; i++) unchecked((chords[i] = arc(chords[i])));
}

/** Writes the longitudes and latitudes of unit vectors in degrees. */
export function toDegrees(
  xs: Float64Array,
  ys: Float64Array,
  zs: Float64Array,
  lons: Float64Array,
  lats: Float64Array,
): void {
  for (let i = 0; i < xs.length; i++) {
    unchecked((lons[i] = longitude(xs[i], ys[i])));
    unchecked((lats[i] = latitude(xs[i], ys[i], zs[i])));
  }
}
