import { DriveshaftError } from "../errors.js";

/** Squares of magnitudes up to this sum up to numbers. */
const LARGEST = 1e150;

/** @throws TOO_FEW_ROWS where there are no values; INVALID_PARAMETER where one is no number, or too large */
export function checkNumbers(values: Float64Array): void {
  if (values.length === 0) throw new DriveshaftError("TOO_FEW_ROWS", "there are no values, at least one is needed");
  const wrong = values.findIndex((value) => !(Math.abs(value) <= LARGEST));
  if (wrong < 0) return;
  const message = `values[${wrong}] is ${values[wrong]}, expected a number of magnitude up to ${LARGEST}`;
  throw new DriveshaftError("INVALID_PARAMETER", message);
}
