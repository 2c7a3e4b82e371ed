import { DriveshaftError } from "../errors.js";
import { markovKernel } from "../kernels/generated/markov.js";
import { withKernel } from "../kernels/load.js";
import type { Test } from "./residual-tests.js";

/** What follows from counted transitions between k classes. */
export interface MarkovChain {
  /** By class, then by the next: how many went from one to the other. */
  transitions: number[][];
  /** Shares of each row; NaN of a class that nobody was seen to leave or stay in. */
  probabilities: number[][];
  /** Shares of the classes in the long run; undefined where that depends on the start, or on a row that is not known. */
  steadyState: number[] | undefined;
  /**
   * Mean steps until a class is entered first, by where one is: a return on the diagonal. Undefined where not every
   * class comes to every other.
   */
  firstMeanPassageTimes: number[][] | undefined;
  /** Shorrocks' mobility, (k - trace) / (k - 1): 0 where nobody moves; NaN where a row is not known. */
  shorrocks: number;
}

/**
 * The chain of counted transitions. Kemeny and Snell (1976), Finite Markov Chains; Shorrocks (1978),
 * doi:10.2307/1913828.
 * @param transitions counts of shape (k, k), k >= 2
 * @throws INVALID_PARAMETER
 */
export function markovChain(transitions: number[][]): MarkovChain {
  const k = transitions.length;
  const isCount = (count: number): boolean => count >= 0 && count < Infinity;
  if (k < 2 || transitions.some((row) => row.length !== k || !row.every(isCount))) {
    throw new DriveshaftError("INVALID_PARAMETER", "transitions are not k rows of k counts, for k of at least 2");
  }
  const probabilities = transitions.map((row) => {
    const total = sumOf(row);
    return row.map((count) => (total > 0 ? count / total : NaN));
  });
  const recurrent = recurrentClasses(transitions);
  return {
    transitions,
    probabilities,
    steadyState: recurrent && steadyStateOf(probabilities, recurrent),
    firstMeanPassageTimes: recurrent?.length === k ? passageTimesOf(probabilities) : undefined,
    shorrocks: (k - sumOf(probabilities.map((row, i) => row[i]!))) / (k - 1),
  };
}

const sumOf = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);

/**
 * The classes in which every start ends, and which come to each other; undefined where there are several such sets, or a
 * class is entered of which nobody was seen to go on.
 */
function recurrentClasses(transitions: number[][]): number[] | undefined {
  const reached = transitions.map((_, i) => reachedFrom(i, transitions));
  const isSeen = (i: number): boolean => transitions.some((row, from) => row[i]! > 0 || (from === i && sumOf(row) > 0));
  const seen = Array.from(transitions.keys()).filter(isSeen);
  if (seen.some((i) => sumOf(transitions[i]!) === 0)) return undefined;
  const recurrent = seen.filter((i) => [...reached[i]!].every((j) => reached[j]!.has(i)));
  const [first] = recurrent;
  return first !== undefined && recurrent.every((i) => reached[first]!.has(i)) ? recurrent : undefined;
}

function reachedFrom(start: number, transitions: number[][]): Set<number> {
  const reached = new Set<number>();
  const open = [start];
  for (let i = open.pop(); i !== undefined; i = open.pop()) {
    transitions[i]!.forEach((count, j) => {
      if (count === 0 || reached.has(j)) return;
      reached.add(j);
      open.push(j);
    });
  }
  return reached;
}

function steadyStateOf(probabilities: number[][], recurrent: number[]): number[] {
  const among = recurrent.flatMap((i) => recurrent.map((j) => probabilities[i]![j]!));
  const found = withKernel(markovKernel, ({ call, float64, readFloat64 }) => {
    const shares = float64(recurrent.length);
    call.steadyState(float64(Float64Array.from(among)), shares);
    return readFloat64(shares);
  });
  const shares = probabilities.map(() => 0);
  recurrent.forEach((i, rank) => (shares[i] = found[rank]!));
  return shares;
}

function passageTimesOf(probabilities: number[][]): number[][] {
  const k = probabilities.length;
  const times = withKernel(markovKernel, ({ call, float64, readFloat64 }) => {
    const times = float64(k * k);
    call.passageTimes(float64(Float64Array.from(probabilities.flat())), times, k);
    return readFloat64(times);
  });
  return probabilities.map((_, i) => [...times.subarray(i * k, (i + 1) * k)]);
}

export interface Homogeneity {
  /** Pearson's chi-squared statistic. */
  q: Test;
  /** The likelihood ratio. */
  likelihoodRatio: Test;
}

/**
 * Tests that chains have the same probabilities. Cells that no chain has a transition in are left out of the degrees of
 * freedom, and rows of a chain that it was never seen in. Bickenbach and Bode (2003), doi:10.1177/0160017603253790.
 * @param chains counts of shape (k, k) each
 */
export function homogeneity(chains: number[][][]): Homogeneity {
  const k = chains[0]!.length;
  const counts: number[] = [];
  const expected: number[] = [];
  let df = 0;
  for (let i = 0; i < k; i++) {
    const totals = chains.map((chain) => sumOf(chain[i]!));
    const pooled = Array.from({ length: k }, (_, j) => sumOf(chains.map((chain) => chain[i]![j]!)));
    const total = sumOf(totals);
    if (total === 0) continue;
    df += (totals.filter((each) => each > 0).length - 1) * (pooled.filter((each) => each > 0).length - 1);
    chains.forEach((chain, c) =>
      pooled.forEach((all, j) => {
        if (all === 0 || totals[c] === 0) return;
        counts.push(chain[i]![j]!);
        expected.push((totals[c]! * all) / total);
      }),
    );
  }
  return withKernel(markovKernel, ({ call, float64 }) => {
    const test = (statistic: number): Test =>
      df > 0 ? { statistic, df, p: call.chiSquaredUpper(statistic, df) } : { statistic: NaN, df, p: NaN };
    return {
      q: test(sumOf(counts.map((count, c) => (count - expected[c]!) ** 2 / expected[c]!))),
      likelihoodRatio: test(
        call.logLikelihoodRatio(float64(Float64Array.from(counts)), float64(Float64Array.from(expected))),
      ),
    };
  });
}
