import { growInt32 } from "./growable.js";
import { labelsOf } from "./labels.js";
import { compareRaws } from "./order.js";
import { takeRaw, type Raw } from "./raw.js";

/** The values of a column, each once, numbered in their order. */
export interface Distinct {
  /** By row: the number of its value. */
  of: Int32Array;
  /** By value: the first row that has it. */
  rows: Int32Array;
}

/** @param column without nulls */
export function distinctOf(column: Raw): Distinct {
  const labels = labelsOf(column);
  // labels are numbered as they first come
  const first = growInt32();
  labels.forEach((label, row) => label === first.length && first.push(row));
  const rows = first.take();
  const order = Int32Array.from(rows.keys()).sort(compareRaws(takeRaw(column, rows)));
  const number = new Int32Array(order.length);
  order.forEach((label, i) => (number[label] = i));
  return { of: labels.map((label) => number[label]!), rows: order.map((label) => rows[label]!) };
}
