import type { ColumnData, ColumnSpec } from "../table/columns.js";
import { adjustP, permutationsNeeded, type Correction } from "../statistics/adjust-p.js";
import type { Analytical, GlobalInferenceResult } from "../statistics/cross-products.js";
import type { LocalInferenceResult } from "../statistics/crand.js";
import type { Alternative } from "../statistics/pseudo-p.js";
import type { Weights } from "../weights/weights.js";

/** What the statistics of spatial autocorrelation return beside themselves: their inference, as columns and in words. */

export const float8 = (values: Float64Array): ColumnData => ({ type: "float8", values });
export const one = (value: number): ColumnData => float8(Float64Array.of(value));
export const whole = (value: number): ColumnData => ({ type: "int4", values: Int32Array.of(value) });
export const word = (value: string): ColumnData => ({ type: "text", codes: Uint8Array.of(0), labels: [value] });

/** The last columns of a global statistic. */
export const globalColumns: ColumnSpec[] = [
  { name: "p_sim", type: "float8", description: "pseudo p-value from permutations" },
  { name: "z_sim", type: "float8", description: "z-score from permutations" },
  { name: "n", type: "int4", description: "number of rows used" },
  { name: "permutations", type: "int4", description: "number of permutations" },
  { name: "alternative", type: "text", description: "tail of p_sim" },
];

export function globalInference(
  { pSim, zSim }: GlobalInferenceResult,
  n: number,
  { permutations, alternative }: { permutations: number; alternative: Alternative },
): Record<string, ColumnData> {
  return {
    p_sim: one(pSim),
    z_sim: one(zSim),
    n: whole(n),
    permutations: whole(permutations),
    alternative: word(alternative),
  };
}

/** The columns of analytical inference under both assumptions. */
export function analytical(result: Analytical): Record<string, ColumnData> {
  return {
    expected: one(result.expected),
    variance_normal: one(result.varianceNormal),
    z_normal: one(result.zNormal),
    p_normal: one(result.pNormal),
    variance_random: one(result.varianceRandom),
    z_random: one(result.zRandom),
    p_random: one(result.pRandom),
  };
}

/** What a person wants to know of a global statistic at once. */
export function globalSummary(
  result: Pick<Analytical, "zRandom" | "pRandom"> & GlobalInferenceResult,
): Record<string, number | null> {
  const { zRandom, pRandom, pSim } = result;
  return { z_random: zRandom, p_random: pRandom, p_sim: Number.isNaN(pSim) ? null : pSim };
}

/** Columns of an expectation with variance, z and p under an assumption. */
export const assuming = (assumption: "normal" | "random"): ColumnSpec[] => {
  const words = assumption === "normal" ? "if values are normal" : "if values are assigned at random";
  const under = assumption === "normal" ? "normality" : "randomisation";
  return [
    { name: `variance_${assumption}`, type: "float8", description: `variance ${words}` },
    { name: `z_${assumption}`, type: "float8", description: `z-score under ${under}` },
    { name: `p_${assumption}`, type: "float8", description: "its two-sided p-value" },
  ];
};

/** The last columns of a local statistic; `statistic` is the name of its column, `classes` says what clusters there are. */
export const localColumns = (statistic: string, classes: string): ColumnSpec[] => [
  { name: "p_sim", type: "float8", description: "pseudo p-value" },
  { name: "p_adjusted", type: "float8", description: "p_sim after the correction; p_sim itself where it is none" },
  { name: "z_sim", type: "float8", description: `z-score of ${statistic} over the permutations` },
  { name: "z", type: "float8", description: `exact z-score of ${statistic} under conditional randomisation` },
  {
    name: "cluster",
    type: "text",
    description: `${classes} where p_adjusted is at most significance; else not significant, isolated (no neighbors) or undefined (no value or place)`,
    unused: "undefined",
  },
];

interface LocalParameters {
  permutations: number;
  alternative: Alternative;
  significance: number;
  correction: Correction;
}

export interface LocalInferenceColumns {
  columns: Record<string, ColumnData>;
  /** Number of locations of each class. */
  counts: Record<string, number>;
  significant: Uint8Array;
  warnings: string[];
}

/**
 * The last columns of a local statistic.
 * @param classes labels of significant locations
 * @param classOf number of the class that a location is in if it is significant
 */
export function localInference(
  result: LocalInferenceResult & { zScore: Float64Array },
  weights: Weights,
  parameters: LocalParameters,
  classes: readonly string[],
  classOf: (i: number) => number,
): LocalInferenceColumns {
  const { permutations, alternative, significance, correction } = parameters;
  const { pSim, zSim, zScore } = result;
  const n = pSim.length;
  const adjusted = adjustP(pSim, correction);
  const labels = [...classes, "not significant", "isolated"];
  const codes = new Uint8Array(n);
  const significant = new Uint8Array(n);
  const counts = labels.map(() => 0);
  for (let i = 0; i < n; i++) {
    significant[i] = Number(adjusted[i]! <= significance);
    const isolated = weights.offsets[i] === weights.offsets[i + 1];
    codes[i] = isolated ? labels.length - 1 : significant[i] ? classOf(i) : labels.length - 2;
    counts[codes[i]!]!++;
  }
  const tails = alternative === "two-sided" ? 2 : 1;
  const needed = permutationsNeeded(pSim, correction, permutations, tails, significance);
  return {
    columns: {
      p_sim: float8(pSim),
      p_adjusted: float8(adjusted),
      z_sim: float8(zSim),
      z: float8(zScore),
      cluster: { type: "text", codes, labels },
    },
    counts: Object.fromEntries(labels.map((label, code) => [label, counts[code]!])),
    significant,
    warnings:
      needed === undefined
        ? []
        : [
            `${permutations} permutations cannot leave anything significant at ${significance} after the correction ${correction}: the smallest p_sim is ${tails / (permutations + 1)}; at least ${needed} permutations can`,
          ],
  };
}
