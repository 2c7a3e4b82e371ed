/** Tails of a hypergeometric distribution, by the count from 0 to `draws`: f64 of shape (draws + 1,). */
export interface HypergeometricTails {
  /** P(X >= x). */
  atLeast: Float64Array;
  /** P(X <= x). */
  atMost: Float64Array;
}

/**
 * How many ones are among `draws` values drawn without replacement from `population`, `ones` of which are 1. The
 * chances are built up from that of the most likely count by their quotients, and divided by their sum: every operation
 * is on positive numbers, so both tails keep 13 digits however small they are.
 * @param draws from 0 to population, as ones
 */
export function hypergeometricTails(population: number, ones: number, draws: number): HypergeometricTails {
  const least = Math.max(0, draws - (population - ones));
  const most = Math.min(draws, ones);
  const mode = Math.min(most, Math.max(least, Math.floor(((draws + 1) * (ones + 1)) / (population + 2))));
  // chance of x + 1 over that of x
  const quotient = (x: number): number => ((ones - x) * (draws - x)) / ((x + 1) * (population - ones - draws + x + 1));
  const chance = new Float64Array(draws + 1);
  chance[mode] = 1;
  for (let x = mode; x < most; x++) chance[x + 1] = chance[x]! * quotient(x);
  for (let x = mode; x > least; x--) chance[x - 1] = chance[x]! / quotient(x - 1);
  // each sum begins with its smallest terms
  const atLeast = new Float64Array(draws + 1);
  const atMost = new Float64Array(draws + 1);
  for (let x = draws, sum = 0; x >= 0; x--) atLeast[x] = sum += chance[x]!;
  for (let x = 0, sum = 0; x <= draws; x++) atMost[x] = sum += chance[x]!;
  const [upper, lower] = [atLeast[0]!, atMost[draws]!];
  for (let x = 0; x <= draws; x++) {
    atLeast[x]! /= upper;
    atMost[x]! /= lower;
  }
  return { atLeast, atMost };
}
