/**
 * Tails of sums of k values among those that are not the location's own, from tables of all.
 *
 * Of the draws of j from n values a share of j / n holds the location's value b, and the rest of such a draw is one of
 * j - 1 from the others. So with T of all values and L of all but the location
 * L_j(s) = n / (n - j) (T_j(s) - j / n L_(j-1)(s - b)), L_0(s) = [s <= 0].
 */
import { Tables } from "./tables";

/** P(sum of k >= s) of all values in the tables but one of `own` bins. */
export function reach(tables: Tables, k: i32, own: f64, s: f64): f64 {
  const n = <f64>tables.bins.count;
  const floor = unchecked(tables.floors[k]);
  // what lies below weighs less than rounding does
  let chance = floor == 0 ? tables.at(0, s - <f64>k * own) : 0.0;
  for (let j = floor + 1; j <= k; j++) {
    const all = tables.at(j, s - <f64>(k - j) * own);
    chance = (n * all - <f64>j * chance) / (n - <f64>j);
  }
  return min(1.0, max(0.0, chance));
}
