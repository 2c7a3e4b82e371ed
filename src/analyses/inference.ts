import { adjustP, permutationsNeeded, type Correction } from "../statistics/adjust-p.js";
import type { Analytical, GlobalInferenceResult } from "../statistics/cross-products.js";
import type { LocalInferenceResult } from "../statistics/crand.js";
import type { UsedInference } from "../statistics/infer-sums.js";
import type { Alternative } from "../statistics/pseudo-p.js";
import type { StrataUsed } from "../statistics/strata.js";
import type { Weights } from "../weights/weights.js";
import { float8, int4, text } from "./analysis.js";

/**
 * What the statistics of spatial autocorrelation return beside themselves: their inference, as columns and in words.
 */

/** The last columns of a global statistic. */
export const globalColumns = {
  p_sim: float8("pseudo p-value from permutations"),
  z_sim: float8("z-score from permutations"),
  n: int4("number of rows used"),
  permutations: int4("number of permutations"),
  alternative: text("tail of p_sim"),
};

/** A row of columns. */
type RowOf<Columns> = { [Name in keyof Columns]: Columns[Name] extends { type: "text" } ? string : number };

export const globalInference = (
  { pSim, zSim }: GlobalInferenceResult,
  n: number,
  { permutations, alternative }: { permutations: number; alternative: Alternative },
): RowOf<typeof globalColumns> => ({ p_sim: pSim, z_sim: zSim, n, permutations, alternative });

/** Columns of an expectation with variance, z and p. */
export const underNormality = {
  variance_normal: float8("variance if values are normal"),
  z_normal: float8("z-score under normality"),
  p_normal: float8("its two-sided p-value"),
};
export const underRandomisation = {
  variance_random: float8("variance if values are assigned at random"),
  z_random: float8("z-score under randomisation"),
  p_random: float8("its two-sided p-value"),
};

export const randomised = (
  result: Pick<Analytical, "varianceRandom" | "zRandom" | "pRandom">,
): RowOf<typeof underRandomisation> => ({
  variance_random: result.varianceRandom,
  z_random: result.zRandom,
  p_random: result.pRandom,
});

/** The columns of analytical inference under both assumptions. */
export const analytical = (
  result: Analytical,
): { expected: number } & RowOf<typeof underNormality> & RowOf<typeof underRandomisation> => ({
  expected: result.expected,
  variance_normal: result.varianceNormal,
  z_normal: result.zNormal,
  p_normal: result.pNormal,
  ...randomised(result),
});

/** What a person wants to know of a global statistic at once. */
export function globalSummary(
  result: Pick<Analytical, "zRandom" | "pRandom"> & GlobalInferenceResult,
): Record<string, number | null> {
  const { zRandom, pRandom, pSim } = result;
  return { z_random: zRandom, p_random: pRandom, p_sim: pSim };
}

/** The last columns of a local statistic: `statistic` is the name of its column, `classes` says what clusters there are. */
export const localColumns = (statistic: string, classes: string) => ({
  p: float8(`p-value of ${statistic} under conditional randomisation`),
  p_adjusted: float8("p after the correction; p itself where it is none"),
  z: float8(`exact z-score of ${statistic} under conditional randomisation`),
  cluster: text(
    `${classes} where p_adjusted is at most significance; else not significant, isolated (no neighbors) or undefined (no value or place)`,
    { unused: "undefined" },
  ),
});

interface LocalParameters {
  permutations: number;
  alternative: Alternative;
  stop: number;
  significance: number;
  correction: Correction;
}

/** What a local statistic tells of its inference; without `used`, it was by permutations. */
interface LocalResult extends LocalInferenceResult {
  zScore: Float64Array;
  used?: UsedInference;
}

export interface LocalInferenceOutput {
  columns: {
    p: Float64Array;
    p_adjusted: Float64Array;
    z: Float64Array;
    cluster: { codes: Int32Array; labels: string[] };
  };
  isSignificant(i: number): boolean;
  summary: {
    /** Number of locations of each class. */
    clusters: Record<string, number>;
    /** What p comes from, and how far it reaches. */
    inference: object;
  };
  warnings: string[];
}

/**
 * The last columns of a local statistic.
 * @param classes labels of significant locations
 * @param classOf number of the class that a location is in if it is significant
 */
export function localInference(
  { p, zScore, used }: LocalResult,
  weights: Weights,
  parameters: LocalParameters,
  classes: readonly string[],
  classOf: (i: number) => number,
): LocalInferenceOutput {
  const { permutations, alternative, stop, significance, correction } = parameters;
  const n = p.length;
  const adjusted = adjustP(p, correction);
  const labels = [...classes, "not significant", "isolated"];
  const codes = new Int32Array(n);
  const isSignificant = (i: number): boolean => adjusted[i]! <= significance;
  const counts = labels.map(() => 0);
  for (let i = 0; i < n; i++) {
    const isolated = weights.offsets[i] === weights.offsets[i + 1];
    codes[i] = isolated ? labels.length - 1 : isSignificant(i) ? classOf(i) : labels.length - 2;
    counts[codes[i]!]!++;
  }
  const isExact = used?.inference === "exact";
  const ofDraws = { permutations, ...(stop > 0 && { stop }) };
  const tails = alternative === "two-sided" ? 2 : 1;
  const floor = used?.floor ?? tails / (permutations + 1);
  const needed = isExact ? undefined : permutationsNeeded(p, correction, permutations, tails, significance);
  return {
    columns: { p, p_adjusted: adjusted, z: zScore, cluster: { codes, labels } },
    isSignificant,
    summary: {
      clusters: Object.fromEntries(labels.map((label, code) => [label, counts[code]!])),
      inference: {
        ...(isExact ? { used: "exact", floor, width: used.width } : { used: "permutation", floor, ...ofDraws }),
        ...(used?.drawn && { drawn: { ...used.drawn, ...ofDraws } }),
        ...(used?.strata && { strata: used.strata.count }),
      },
    },
    warnings: [
      ...(used?.strata ? strataWarnings(used.strata) : []),
      ...(needed === undefined
        ? []
        : [
            `${permutations} permutations cannot leave anything significant at ${significance} after the correction ${correction}: the smallest p is ${floor}; at least ${needed} permutations can`,
          ]),
    ],
  };
}

/** What strata are too small or too uniform for. */
function strataWarnings({ count, constant, few }: StrataUsed): string[] {
  return [
    ...(constant === 0
      ? []
      : [
          `${constant} of ${count} strata have one location or constant values: p is 1 and z null where all neighbors are of such`,
        ]),
    ...(few === 0
      ? []
      : [
          `${few} locations have fewer than 20 draws within strata, so that no p of theirs is small: strata have hardly more members than these have neighbors`,
        ]),
  ];
}
