import { z } from "zod";
import { moran } from "../statistics/moran.js";
import { moranLocal } from "../statistics/moran-local.js";
import { buildWeights } from "../weights/build.js";
import { analysis } from "./analysis.js";
import { alternative, location, numberColumn, permutations, seed, significance, weights } from "./parameters.js";

/** Value, then lag. */
const quadrants = ["HH", "LH", "LL", "HL", null] as const;
const ISLAND = 4;
const clusters = ["HH", "LH", "LL", "HL", "isolated", "not significant"] as const;
const NOT_SIGNIFICANT = 5;

export const moranLocalAnalysis = analysis({
  name: "moran_local",
  title: "Local Moran's I (LISA)",
  description:
    "Clusters of high and low values, and outliers among them, with pseudo p-values by conditional permutation.",
  version: 1,
  parameters: z.strictObject({
    value: numberColumn("column with the variable"),
    ...location,
    weights,
    permutations: permutations(9999),
    seed,
    alternative,
    significance,
  }),
  rows: "each",
  columns: [
    { name: "value", type: "float8", description: "the variable" },
    { name: "value_std", type: "float8", description: "(value - mean) / sd, population sd" },
    { name: "lag", type: "float8", description: "mean of the neighbors' values" },
    { name: "lag_std", type: "float8", description: "mean of the neighbors' standardised values" },
    { name: "local_i", type: "float8", description: "local Moran's I" },
    {
      name: "quadrant",
      type: "text",
      description: "HH, LH, LL or HL: value, then lag, above (H) or not above (L) the mean",
    },
    { name: "p_sim", type: "float8", description: "pseudo p-value" },
    { name: "z_sim", type: "float8", description: "z-score of local_i over the permutations" },
    {
      name: "cluster",
      type: "text",
      description:
        "the quadrant where p_sim is at most significance; else not significant, isolated (no neighbors) or undefined (no value or place)",
      unused: "undefined",
    },
  ],
  run(input, p, report) {
    const y = input.values.value!;
    const { weights: w, summary, warnings } = buildWeights(p.weights, input, report);
    const global = moran(y, w, { permutations: 0 });
    const local = moranLocal(y, w, { ...p, progress: (share) => report("permutations", share) });
    const quadrant = new Uint8Array(input.n);
    const cluster = new Uint8Array(input.n);
    const counts = clusters.map(() => 0);
    for (let i = 0; i < input.n; i++) {
      const island = w.offsets[i] === w.offsets[i + 1];
      const high = local.z[i]! > 0;
      const highLag = local.lagStd[i]! > 0;
      quadrant[i] = island ? ISLAND : high ? (highLag ? 0 : 3) : highLag ? 1 : 2;
      // an island's quadrant has the number of the class `isolated`
      cluster[i] = island || local.pSim[i]! <= p.significance ? quadrant[i]! : NOT_SIGNIFICANT;
      counts[cluster[i]!]!++;
    }
    return {
      columns: {
        value: { type: "float8", values: y },
        value_std: { type: "float8", values: local.z },
        lag: { type: "float8", values: local.lag },
        lag_std: { type: "float8", values: local.lagStd },
        local_i: { type: "float8", values: local.localI },
        quadrant: { type: "text", codes: quadrant, labels: quadrants },
        p_sim: { type: "float8", values: local.pSim },
        z_sim: { type: "float8", values: local.zSim },
        cluster: { type: "text", codes: cluster, labels: clusters },
      },
      summary: {
        clusters: Object.fromEntries(clusters.map((name, code) => [name, counts[code]])),
        moran: { i: global.i, expected: global.expected, z_random: global.zRandom, p_random: global.pRandom },
        weights: summary,
      },
      warnings,
    };
  },
});
