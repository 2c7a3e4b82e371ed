import { DriveshaftError } from "../errors.js";

/** @throws INVALID_PARAMETER where a weight of a point is negative or not finite, or all are 0 */
export function checkPointWeights(weights: Float64Array, n: number): void {
  if (weights.length !== n) {
    throw new DriveshaftError("INVALID_PARAMETER", `weights has ${weights.length} elements, expected ${n}`);
  }
  const wrong = weights.findIndex((weight) => !(weight >= 0 && weight < Infinity));
  if (wrong >= 0) {
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      `weights[${wrong}] is ${weights[wrong]}, expected a finite number of at least 0`,
    );
  }
  if (!weights.some((weight) => weight > 0)) {
    throw new DriveshaftError("INVALID_PARAMETER", `none of ${n} points has a weight above 0`);
  }
}
