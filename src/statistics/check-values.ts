import { DriveshaftError } from "../errors.js";
import { checkWeights, type Weights } from "../weights/weights.js";

/**
 * Checks a variable and its weights. `name` is what messages call the variable.
 * @throws TOO_FEW_ROWS, CONSTANT_VALUES, INVALID_PARAMETER, INVALID_WEIGHTS
 */
export function checkValues(y: Float64Array, weights: Weights, name = "y"): void {
  if (weights.n !== y.length)
    throw new DriveshaftError(
      "INVALID_WEIGHTS",
      `weights are for ${weights.n} locations, but ${name} has ${y.length} values`,
    );
  if (y.length < 3) throw new DriveshaftError("TOO_FEW_ROWS", `there are ${y.length} values, at least 3 are needed`);
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < y.length; i++) {
    const value = y[i]!;
    if (!Number.isFinite(value))
      throw new DriveshaftError("INVALID_PARAMETER", `${name}[${i}] is ${value}, expected a finite number`);
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low === high) {
    throw new DriveshaftError(
      "CONSTANT_VALUES",
      `every value ${name === "y" ? "" : `of ${name} `}is ${low}; without variation there is no autocorrelation`,
      {
        hint: "Name a column that varies.",
      },
    );
  }
  checkWeights(weights);
}
