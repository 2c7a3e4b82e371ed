import * as z from "zod";
import type { ColumnSpec } from "../table/columns.js";
import { moran } from "../statistics/moran.js";
import { moranLocal, type MoranLocal } from "../statistics/moran-local.js";
import { buildWeights, type BuiltWeights } from "../weights/build.js";
import { analysis, type Output, statisticOptions } from "./analysis.js";
import { float8, localColumns, localInference } from "./inference.js";
import { localInference as inferenceParameters, location, numberColumn, transform, weights } from "./parameters.js";

/** Value, then lag. */
const quadrants = ["HH", "LH", "LL", "HL"] as const;
const ISLAND = 4;

/** Which locations to return. */
const selections = {
  hotspots: ["HH", "HL"],
  coldspots: ["LL", "LH"],
  outliers: ["HL", "LH"],
} as const;

/** The parameters and columns that local Moran has of any kind of values. */
export const moranLocalParameters = {
  ...location,
  weights,
  transform: transform("R"),
  ...inferenceParameters(),
  only: z
    .enum(["hotspots", "coldspots", "outliers", "significant"])
    .optional()
    .describe(
      "return only these rows: hotspots (quadrants HH, HL), coldspots (LL, LH), outliers (HL, LH), or those significant",
    ),
};

export const moranLocalColumns = (lagged: string): ColumnSpec[] => [
  { name: "value_std", type: "float8", description: "(value - mean) / sd, population sd" },
  { name: "lag", type: "float8", description: `weighted sum of the neighbors' ${lagged}, their mean by default` },
  { name: "lag_std", type: "float8", description: `the same of their standardised ${lagged}` },
  { name: "local_i", type: "float8", description: "local Moran's I" },
  {
    name: "quadrant",
    type: "text",
    description: "HH, LH, LL or HL: value, then lag, above (H) or not above (L) the mean",
  },
  ...localColumns("local_i", "the quadrant"),
];

type MoranLocalParameters = Parameters<typeof localInference>[2] & { only?: string | undefined };

/** The result of local Moran of any kind of values. */
export function moranLocalOutput(local: MoranLocal, built: BuiltWeights, parameters: MoranLocalParameters): Output {
  const n = local.z.length;
  const quadrant = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const [high, highLag] = [local.high[i], local.highLag[i]];
    quadrant[i] = Number.isNaN(local.lagStd[i]!) ? ISLAND : high ? (highLag ? 0 : 3) : highLag ? 1 : 2;
  }
  const inference = localInference(local, built.weights, parameters, quadrants, (i) => quadrant[i]!);
  return {
    columns: {
      value_std: float8(local.z),
      lag: float8(local.lag),
      lag_std: float8(local.lagStd),
      local_i: float8(local.localI),
      quadrant: { type: "text", codes: quadrant, labels: [...quadrants, null] },
      ...inference.columns,
    },
    summary: { clusters: inference.counts, weights: built.summary },
    warnings: [...built.warnings, ...inference.warnings],
    keep: chosen(parameters.only, quadrant, inference.significant),
  };
}

function chosen(only: string | undefined, quadrant: Uint8Array, significant: Uint8Array): Uint8Array | undefined {
  if (only === undefined) return undefined;
  if (only === "significant") return significant;
  const wanted: readonly string[] = selections[only as keyof typeof selections];
  return quadrant.map((code) => Number(code !== ISLAND && wanted.includes(quadrants[code]!)));
}

export const moranLocalAnalysis = analysis({
  name: "moran_local",
  title: "Local Moran's I (LISA)",
  description:
    "Clusters of high and low values, and outliers among them, with pseudo p-values by conditional permutation.",
  version: 2,
  parameters: z.strictObject({ value: numberColumn("column with the variable"), ...moranLocalParameters }),
  rows: "each",
  size: "standard",
  columns: [{ name: "value", type: "float8", description: "the variable" }, ...moranLocalColumns("values")],
  run(input, p, report) {
    const y = input.values.value!;
    const built = buildWeights(p.weights, input, report, p.transform);
    const global = moran(y, built.weights, { permutations: 0 });
    const local = moranLocal(y, built.weights, statisticOptions(p, input, report));
    const output = moranLocalOutput(local, built, p);
    const { i, expected, zRandom, pRandom } = global;
    return {
      ...output,
      columns: { value: float8(y), ...output.columns },
      summary: { ...output.summary, moran: { i, expected, z_random: zRandom, p_random: pRandom } },
    };
  },
});
