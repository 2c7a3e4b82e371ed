import * as z from "zod";
import { moran } from "../statistics/moran.js";
import { moranLocal, type MoranLocal } from "../statistics/moran_local.js";
import type { Weights } from "../weights/weights.js";
import { analysis, float8, statisticOptions, text } from "./analysis.js";
import { localColumns, localInference } from "./inference.js";
import { number, place, spatialWeights, strata } from "./inputs.js";
import { exactParameters } from "./parameters.js";

/** Value, then lag. */
const quadrants = ["HH", "LH", "LL", "HL"] as const;
const ISLAND = 4;

/** Which locations to return. */
const selections: Record<string, readonly string[]> = {
  hotspots: ["HH", "HL"],
  coldspots: ["LL", "LH"],
  outliers: ["HL", "LH"],
};

/** The options and columns that local Moran has of any kind of values. */
export const moranLocalOptions = {
  ...exactParameters(),
  only: z
    .enum(["hotspots", "coldspots", "outliers", "significant"])
    .optional()
    .describe(
      "return only these rows: hotspots (quadrants HH, HL), coldspots (LL, LH), outliers (HL, LH), or those significant",
    ),
};

export const moranLocalColumns = (lagged: string) => ({
  value_std: float8("(value - mean) / sd, population sd"),
  lag: float8(`weighted sum of the neighbors' ${lagged}, their mean by default`),
  lag_std: float8(`the same of their standardised ${lagged}`),
  local_i: float8("local Moran's I"),
  quadrant: text("HH, LH, LL or HL: value, then lag, above (H) or not above (L) the mean"),
  ...localColumns("local_i", "the quadrant"),
});

type MoranLocalOptions = Parameters<typeof localInference>[2] & { only?: string | undefined };

/** The result of local Moran of any kind of values. */
export function moranLocalOutput(local: MoranLocal, weights: Weights, options: MoranLocalOptions) {
  const codes = new Int32Array(weights.n);
  for (let i = 0; i < codes.length; i++) {
    if (Number.isNaN(local.lagStd[i])) codes[i] = ISLAND;
    else codes[i] = local.high[i] ? (local.highLag[i] ? 0 : 3) : local.highLag[i] ? 1 : 2;
  }
  const { columns, isSignificant, ...said } = localInference(local, weights, options, quadrants, (i) => codes[i]!);
  const { only } = options;
  const isChosen = (i: number): boolean =>
    only === "significant" ? isSignificant(i) : selections[only!]!.includes(quadrants[codes[i]!] ?? "");
  return {
    columns: {
      value_std: local.z,
      lag: local.lag,
      lag_std: local.lagStd,
      local_i: local.localI,
      quadrant: { codes, labels: [...quadrants, null] },
      ...columns,
    },
    rows: only === undefined ? undefined : Int32Array.from(codes.keys()).filter(isChosen),
    ...said,
  };
}

export const moranLocalAnalysis = analysis({
  name: "moran_local",
  title: "Local Moran's I (LISA)",
  description:
    "Clusters of high and low values, and outliers among them, with exact p-values where weights are equal within a row.",
  version: 3,
  inputs: {
    value: number("column with the variable"),
    place: place(),
    weights: spatialWeights({ transform: "R" }),
    strata: strata(),
  },
  options: moranLocalOptions,
  rows: "each",
  columns: { value: float8("the variable"), ...moranLocalColumns("values") },
  example: { of: "counties", parameters: { value: "unemployment", weights: { type: "queen" } } },
  size: "standard",
  run({ value, weights, strata }, options, context) {
    const { i, expected, zRandom, pRandom } = moran(value, weights, { permutations: 0 });
    const local = moranLocal(value, weights, statisticOptions({ ...options, strata }, context));
    const output = moranLocalOutput(local, weights, options);
    return {
      ...output,
      columns: { value, ...output.columns },
      summary: { ...output.summary, moran: { i, expected, z_random: zRandom, p_random: pRandom } },
    };
  },
});
