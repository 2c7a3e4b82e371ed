import { moran } from "../statistics/moran.js";
import type { Weights } from "./weights.js";

/** A scale of neighborhoods, such as a distance or a number of rings, and what autocorrelation there is at it. */
export interface Scale {
  at: number;
  weights: Weights;
}

export interface ChosenScale extends Scale {
  /** z of global Moran's I at each scale that was looked at. */
  z: { at: number; z: number }[];
}

/**
 * The scale at which values hang together most: the first at which z of global Moran's I is higher than at the scales
 * before and after, else that with the highest; as incremental spatial autocorrelation of ArcGIS goes about it.
 * @param scales growing, at least one; no more are made than are looked at
 * @throws as moran
 */
export function chooseScale(y: Float64Array, scales: Iterable<Scale>): ChosenScale {
  const z: ChosenScale["z"] = [];
  const all: Scale[] = [];
  for (const scale of scales) {
    const { zRandom } = moran(y, scale.weights, { permutations: 0 });
    // where no permutation can differ there is no z
    z.push({ at: scale.at, z: Number.isNaN(zRandom) ? -Infinity : zRandom });
    all.push(scale);
    const [before, peak, after] = z.slice(-3).map((one) => one.z);
    if (after !== undefined && peak! > before! && peak! > after) return { ...all.at(-2)!, z };
  }
  const best = z.reduce((best, one, i) => (one.z > z[best]!.z ? i : best), 0);
  return { ...all[best]!, z };
}
