import { DriveshaftError } from "../errors.js";
import type { Place } from "../geometry/place.js";
import type { NamedColumn } from "../table/column.js";
import { columnParameter } from "../table/kinds.js";
import { compareFeatures } from "../table/order.js";
import { rawText, type Raw } from "../table/raw.js";
import { timesOf, type Times } from "../table/times.js";
import type { Weights } from "../weights/weights.js";
import { place, spatialWeights, type Input, type Subjects, type Used, type WeightsOptions } from "./inputs.js";

/** Inputs of long tables, in which a place has a row for each time, or any number of them. */

export interface Panel {
  /** Number of places, which are in canonical order. */
  n: number;
  /** By row: the number of its place. Shape (n of rows,). */
  of: Int32Array;
  /** By place: a row of it. */
  rows: Int32Array;
  /** How messages name a place. */
  nameOf(place: number): string;
  place: Place;
  /** Among places. */
  weights: Weights;
}

/** The places that rows are of, where they are, and who is whose neighbor. */
export function panel(description: string, options: WeightsOptions): Input<Panel> {
  const [located, weighted] = [place(), spatialWeights(options)];
  return {
    repeats: true,
    parameters: (name) => ({
      [name]: columnParameter("id", description).meta({ repeats: true }),
      ...located.parameters("place"),
      ...weighted.parameters("weights"),
    }),
    usable(_, read) {
      const tests = [located.usable!("place", read), weighted.usable!("weights", read)];
      return (row) => tests.every((test) => test(row));
    },
    value(_, used) {
      const subjects = used.subjects();
      checkStill(used, subjects);
      const { of, rows, used: among } = subjects;
      const weights = weighted.value("weights", among);
      const places = among.place();
      used.built = { ...among.built!, warnings: [...among.built!.warnings, ...places.warnings()] };
      const nameOf = nameIn(used);
      return { n: among.n, of, rows, nameOf: (i) => nameOf(rows[i]!), place: places, weights };
    },
  };
}

/** @throws INVALID_GEOMETRY where a place is in two places */
function checkStill(used: Used, { of, rows }: Subjects): void {
  const compare = compareFeatures(used.place().geometry);
  for (let row = 0; row < used.n; row++) {
    const first = rows[of[row]!]!;
    if (row === first || compare(row, first) === 0) continue;
    throw new DriveshaftError("INVALID_GEOMETRY", `the rows of ${nameIn(used)(row)} are at more than one place`, {
      hint: "Give all rows of a place the same geometry, such as by a join with a table of places.",
    });
  }
}

/** What a row is of, as messages name it. */
const nameIn =
  (used: Used) =>
  (row: number): string => {
    const { name, column } = used.named("id")[0]!;
    return `${name} ${rawText(column as Raw, row)}`;
  };

/** When the rows are; those without a time are not used. */
export const time = (description: string): Input<Times> => {
  // a column all of whose rows are used is the same when these are told and when they are had
  const known = new WeakMap<Raw, Times>();
  function read({ name, column }: NamedColumn): Times {
    const times = known.get(column as Raw) ?? timesOf(column as Raw, name);
    known.set(column as Raw, times);
    return times;
  }
  return {
    parameters: (name) => ({ [name]: columnParameter("time", description) }),
    usable(name, { named }) {
      const { values } = read(named(name)[0]!);
      return (row) => Number.isFinite(values[row]);
    },
    value: (name, used) => read(used.named(name)[0]!),
  };
};
