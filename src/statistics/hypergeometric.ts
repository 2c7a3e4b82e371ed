/** Tails of the distribution of a count, by the count from 0 on. */
export interface Tails {
  /** P(X >= x). */
  atLeast: Float64Array;
  /** P(X <= x). */
  atMost: Float64Array;
}

/**
 * How many ones are among `draws` values drawn without replacement from `population`, `ones` of which are 1: by the
 * count, its chance over that of the most likely one, f64 of shape (draws + 1,). They are built up from that by their
 * quotients: every operation is on positive numbers, so that all keep 13 digits however small they are.
 * @param draws from 0 to population, as ones
 */
export function hypergeometricChances(population: number, ones: number, draws: number): Float64Array {
  const least = Math.max(0, draws - (population - ones));
  const most = Math.min(draws, ones);
  const mode = Math.min(most, Math.max(least, Math.floor(((draws + 1) * (ones + 1)) / (population + 2))));
  // chance of x + 1 over that of x
  const quotient = (x: number): number => ((ones - x) * (draws - x)) / ((x + 1) * (population - ones - draws + x + 1));
  const chance = new Float64Array(draws + 1);
  chance[mode] = 1;
  for (let x = mode; x < most; x++) chance[x + 1] = chance[x]! * quotient(x);
  for (let x = mode; x > least; x--) chance[x - 1] = chance[x]! / quotient(x - 1);
  return chance;
}

/** The chances of the sum of two independent counts, up to a factor as theirs. */
export function chancesOfSums(a: Float64Array, b: Float64Array): Float64Array {
  const sums = new Float64Array(a.length + b.length - 1);
  a.forEach((chance, x) => b.forEach((other, y) => (sums[x + y]! += chance * other)));
  return sums;
}

/** The tails of chances that are given up to a factor, f64 of their shape. */
export function tailsOf(chance: Float64Array): Tails {
  const most = chance.length - 1;
  // each sum begins with its smallest terms
  const atLeast = new Float64Array(chance.length);
  const atMost = new Float64Array(chance.length);
  for (let x = most, sum = 0; x >= 0; x--) atLeast[x] = sum += chance[x]!;
  for (let x = 0, sum = 0; x <= most; x++) atMost[x] = sum += chance[x]!;
  const [upper, lower] = [atLeast[0]!, atMost[most]!];
  for (let x = 0; x <= most; x++) {
    atLeast[x]! /= upper;
    atMost[x]! /= lower;
  }
  return { atLeast, atMost };
}
