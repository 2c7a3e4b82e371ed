import { DriveshaftError } from "../errors.js";
import { standardised, type Standardised } from "./standardise.js";

/** @param names for messages. @throws INVALID_PARAMETER where there are no columns, or they are uneven, or not finite */
export function checkColumns(columns: Float64Array[], names: string[]): void {
  const [first] = columns;
  if (!first) throw new DriveshaftError("INVALID_PARAMETER", "there are no columns");
  columns.forEach((column, a) => {
    if (column.length !== first.length) {
      const lengths = `${names[a]} has ${column.length} elements and ${names[0]} ${first.length}`;
      throw new DriveshaftError("INVALID_PARAMETER", `${lengths}, expected equal lengths`);
    }
    const wrong = column.findIndex((value) => !Number.isFinite(value));
    if (wrong < 0) return;
    const message = `${names[a]}[${wrong}] is ${column[wrong]}, expected a finite number`;
    throw new DriveshaftError("INVALID_PARAMETER", message);
  });
}

/**
 * Columns with mean 0 and population sd 1.
 * @throws CONSTANT_VALUES where one has no deviation, by its name; INVALID_PARAMETER
 */
export function standardisedColumns(columns: Float64Array[], names: string[]): Standardised[] {
  return columns.map((column, a) => {
    if (column.every((value) => value === column[0])) {
      const message = `every value of ${names[a]} is ${column[0]}; what does not vary cannot be standardised`;
      throw new DriveshaftError("CONSTANT_VALUES", message, { hint: "Leave the column out." });
    }
    return standardised(column);
  });
}
