import { equalWeights } from "../weights/transform.js";
import type { Weights } from "../weights/weights.js";
import { exactSums, type ExactSums, type Visit } from "./exact.js";
import type { Rounded } from "./rounding.js";
import { byStratum, isConstant, membersOf, type Strata } from "./strata.js";

/**
 * exactSums within strata, each of which is on its own: locations have neighbors in their own stratum only.
 * @param visit is given each location that has neighbors, stratum by stratum
 */
export function exactSumsWithin(
  values: Float64Array,
  rounded: Rounded,
  weights: Weights,
  rounding: Float64Array,
  strata: Strata,
  visit: Visit,
): ExactSums {
  const observed = new Float64Array(weights.n);
  let bins = 0;
  byStratum(values, strata).forEach((own, stratum) => {
    const members = membersOf(strata, stratum);
    const inside = weightsAmong(members, weights, strata);
    if (inside.neighbors.length === 0) return;
    const infer = isConstant(own, rounded.error) ? alwaysTied : exactSums;
    const apart = Float64Array.from(members, (i) => rounding[i]!);
    const found = infer(own, rounded, inside, apart, (at, ...tails) => visit(members[at]!, ...tails));
    found.observed.forEach((sum, at) => (observed[members[at]!] = sum));
    bins = Math.max(bins, found.bins);
  });
  return { observed, bins };
}

/** The weights of the members of a stratum, who have no other neighbors. */
function weightsAmong(members: Int32Array, { offsets, neighbors, weights }: Weights, { place }: Strata): Weights {
  const n = members.length;
  const begins = new Int32Array(n + 1);
  members.forEach((i, at) => (begins[at + 1] = begins[at]! + offsets[i + 1]! - offsets[i]!));
  const among = { n, offsets: begins, neighbors: new Int32Array(begins[n]!) };
  const own = weights && new Float64Array(begins[n]!);
  members.forEach((i, at) => {
    among.neighbors.set(
      neighbors.subarray(offsets[i], offsets[i + 1]).map((j) => place[j]!),
      begins[at],
    );
    own?.set(weights!.subarray(offsets[i], offsets[i + 1]), begins[at]);
  });
  return own ? { ...among, weights: own } : among;
}

/** exactSums of values that are all equal. */
const alwaysTied: typeof exactSums = (values, _, weights, __, visit) => {
  const { n, offsets } = weights;
  const equal = equalWeights(weights)!;
  const observed = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const k = offsets[i + 1]! - offsets[i]!;
    observed[i] = equal[i]! * k * values[0]!;
    if (k > 0) visit(i, 1, 1, 0);
  }
  return { observed, bins: 0 };
};
