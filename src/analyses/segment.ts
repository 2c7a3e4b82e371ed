import * as z from "zod";
import {
  MOST_DEPTH,
  MOST_IN_LEAF,
  MOST_TREES,
  segment,
  segmentDefaults as defaults,
  type Segment,
} from "../statistics/segment.js";
import { analysis, float8, type Context, type Said } from "./analysis.js";
import type { Example } from "./example.js";
import { number, several, withNames, type ValuesOf } from "./inputs.js";
import { byGiven } from "./outputs.js";
import { seed } from "./parameters.js";
import { variableNames } from "./regression.js";
import { optionalTable, type TablesOf } from "./tables.js";

/** Covariates at most. */
const MOST_COVARIATES = 1000;

const inputs = {
  dependent: withNames(
    number("column with the numbers to learn; rows where it is null are predicted", { missing: "keep" }),
  ),
  covariates: withNames(
    several("columns to learn them from; nulls are taken to be the mean", 1, MOST_COVARIATES, { missing: "keep" }),
  ),
};

const share = (most: number, description: string) => z.number().gt(0).lte(most).describe(description);

const options = {
  n_estimators: z.int().min(1).max(MOST_TREES).default(defaults.nEstimators).describe("number of trees"),
  max_depth: z
    .int()
    .min(1)
    .max(MOST_DEPTH)
    .default(defaults.maxDepth)
    .describe("splits from the root of a tree to a leaf, at most"),
  subsample: share(1, "share of the rows that each tree is grown from, drawn anew").default(defaults.subsample),
  learning_rate: share(1, "share that is taken of what a tree says").default(defaults.learningRate),
  min_samples_leaf: z
    .int()
    .min(1)
    .max(MOST_IN_LEAF)
    .default(defaults.minSamplesLeaf)
    .describe("rows of the subsample in a leaf, at least"),
  held_out: z
    .number()
    .min(0)
    .lt(1)
    .default(defaults.heldOut)
    .describe("share of the rows that trees are not grown from, but that tell the error"),
  seed,
};

const tables = {
  targets: optionalTable("rows that are predicted instead of the query's, with id and covariates", {
    covariates: several(
      "columns with the covariates; nulls are taken to be the mean in the query",
      1,
      MOST_COVARIATES,
      {
        missing: "keep",
      },
    ),
  }),
};

const columns = { predicted: float8("what the trees say of the row") };

const example: Example = {
  of: "counties",
  parameters: { dependent: "income", covariates: ["unemployment", "births", "vacancies"], n_estimators: 100 },
};

const shared = {
  name: "segment",
  title: "Segmentation",
  description:
    "A number that is known of some rows, learned from other columns by boosted trees, and predicted of others.",
  version: 1,
  inputs,
  options,
  columns,
  size: "heavy" as const,
  cost: [["n_estimators"], ["rows", "n_estimators"], ["rows", "n_estimators", "covariates"]],
};

export const segmentAnalysis = byGiven(
  "targets",
  analysis({
    ...shared,
    rows: "each",
    example,
    run(values, options, context) {
      const { result, ...said } = learned(values, options, context);
      return { columns: { predicted: result.predicted }, ...said };
    },
  }),
  analysis({
    ...shared,
    tables,
    rows: "any",
    of: "targets",
    example: { ...example, tables: { targets: "counties" } },
    run(values, options, context) {
      const { result, ...said } = learned(values, options, context);
      const rows = Int32Array.from({ length: values.targets!.n }, (_, target) => target);
      return { rows, columns: { predicted: result.targets! }, ...said };
    },
  }),
);

type Values = ValuesOf<typeof inputs> & Partial<TablesOf<typeof tables>>;
type Options = z.infer<z.ZodObject<typeof options>>;

/** What was learned, whichever rows are predicted. */
function learned(
  { dependent, covariates, targets }: Values,
  options: Options,
  { report }: Context,
): Said & { result: Segment } {
  const names = variableNames(dependent, covariates);
  const result = segment(dependent.values, covariates.values, {
    nEstimators: options.n_estimators,
    maxDepth: options.max_depth,
    subsample: options.subsample,
    learningRate: options.learning_rate,
    minSamplesLeaf: options.min_samples_leaf,
    heldOut: options.held_out,
    seed: options.seed,
    targets: targets?.covariates,
    names,
    progress: (share) => report("trees", share),
  });
  const byName = (values: Float64Array): Record<string, number> =>
    Object.fromEntries(names.covariates.map((name, c) => [name, values[c]!]));
  const unknown = covariates.values.reduce((count, column) => count + column.filter(Number.isNaN).length, 0);
  return {
    result,
    summary: {
      mse: result.mse,
      r2: result.r2,
      importances: byName(result.importances),
      means: byName(result.means),
      trained: result.trained,
      held_out: result.heldOut,
    },
    warnings:
      unknown > 0 ? [`${unknown} values of covariates are null or not finite, and were taken to be the mean`] : [],
  };
}
