import type { Geometry } from "./geometry.js";

/** The features of `rows`, in any order; nowhere where a row is -1. */
export function takeFeatures(geometry: Geometry, rows: Int32Array): Geometry {
  const { featureOffsets, ringOffsets } = geometry;
  const firstRing = ringsOfFeatures(geometry);
  let vertices = 0;
  let rings = 0;
  for (const row of rows) {
    if (row < 0) continue;
    vertices += featureOffsets[row + 1]! - featureOffsets[row]!;
    rings += firstRing[row + 1]! - firstRing[row]!;
  }
  const result: Geometry = {
    xs: new Float64Array(vertices),
    ys: new Float64Array(vertices),
    ringOffsets: new Int32Array(rings + 1),
    holes: new Uint8Array(rings),
    featureOffsets: new Int32Array(rows.length + 1),
    kinds: new Uint8Array(rows.length),
  };
  let vertex = 0;
  let ring = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    result.featureOffsets[i + 1] = vertex;
    if (row < 0) continue;
    const begin = featureOffsets[row]!;
    for (let r = firstRing[row]!; r < firstRing[row + 1]!; r++) {
      result.holes[ring] = geometry.holes[r]!;
      result.ringOffsets[++ring] = vertex + ringOffsets[r + 1]! - begin;
    }
    for (let v = begin; v < featureOffsets[row + 1]!; v++, vertex++) {
      result.xs[vertex] = geometry.xs[v]!;
      result.ys[vertex] = geometry.ys[v]!;
    }
    result.featureOffsets[i + 1] = vertex;
    result.kinds[i] = geometry.kinds[row]!;
  }
  return result;
}

/** Found once for each geometry, of which groups of features are taken one after the other. */
const found = new WeakMap<Geometry, Int32Array>();

/** Where each feature's rings begin, one more at the end. */
export function ringsOfFeatures(geometry: Geometry): Int32Array {
  let first = found.get(geometry);
  if (!first) found.set(geometry, (first = findRings(geometry)));
  return first;
}

function findRings({ featureOffsets, ringOffsets }: Geometry): Int32Array {
  const first = new Int32Array(featureOffsets.length);
  let ring = 0;
  for (let i = 1; i < featureOffsets.length; i++) {
    while (ring < ringOffsets.length - 1 && ringOffsets[ring + 1]! <= featureOffsets[i]!) ring++;
    first[i] = ring;
  }
  return first;
}
