import { DriveshaftError } from "../errors.js";
import { markovKernel } from "../kernels/generated/markov.js";
import { withKernel } from "../kernels/load.js";
import type { Weights } from "../weights/weights.js";

/** Kendall's tau-b, 1 where no pair of locations changes its order, -1 where all do; NaN where nothing has an order. */
export interface RankMobility {
  /** Of all pairs. */
  tau: number;
  /** Of pairs of a location and a neighbor. */
  tauSpatial: number;
}

/**
 * How much locations keep their order from one period to another, all of them and among neighbors. Kendall (1938),
 * doi:10.1093/biomet/30.1-2.81; among neighbors: Rey (2014), doi:10.1007/s00180-013-0461-2. A pair that are each
 * other's neighbors counts twice, as everywhere in weights; what the weights are does not count.
 * @param before values, f64 of shape (n,), finite
 * @param after values, likewise
 * @throws INVALID_PARAMETER, INVALID_WEIGHTS
 * @example rankMobility(Float64Array.of(1, 2, 3), Float64Array.of(2, 1, 3), weights).tau // 1 / 3
 */
export function rankMobility(before: Float64Array, after: Float64Array, weights: Weights): RankMobility {
  const { n, offsets, neighbors } = weights;
  for (const values of [before, after]) {
    if (values.length !== n) {
      throw new DriveshaftError(
        "INVALID_WEIGHTS",
        `weights are for ${n} locations, but there are ${values.length} values`,
      );
    }
    const wrong = values.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0)
      throw new DriveshaftError("INVALID_PARAMETER", `a value is ${values[wrong]}, expected a finite number`);
  }
  return withKernel(markovKernel, ({ call, float64, int32, viewFloat64 }) => {
    const [x, y, sums] = [float64(before), float64(after), float64(3)];
    const tau = (): number => {
      const [s, apartBefore, apartAfter] = viewFloat64(sums);
      return s! / (Math.sqrt(apartBefore!) * Math.sqrt(apartAfter!));
    };
    call.allPairs(x, y, sums);
    const all = tau();
    call.neighborPairs(x, y, int32(offsets), int32(neighbors), sums);
    return { tau: all, tauSpatial: tau() };
  });
}
