import * as z from "zod";
import { columnParameter } from "../table/kinds.js";
import { engines } from "../job/engines.js";
import { corrections } from "../statistics/adjust-p.js";
import { MAX_PERMUTATIONS } from "../statistics/inference.js";
import { drawings } from "../statistics/crand.js";
import { inferences } from "../statistics/infer-sums.js";
import { alternatives, type Alternative } from "../statistics/pseudo-p.js";

/** Parameters that analyses share, and those that every job may have. */

export { greatCircle } from "../weights/parameter.js";

export const seed = z
  .int()
  .min(0)
  .max(Number.MAX_SAFE_INTEGER)
  .default(12345)
  .describe("seed of the random numbers; same seed, same result");

const alternative = (byDefault: Alternative = "two-sided") =>
  z
    .enum(alternatives)
    .default(byDefault)
    .describe("tail of the p-value; directed is the smaller tail, as crankshaft and GeoDa print");

const permutations = (byDefault: number): z.ZodDefault<z.ZodInt> =>
  z.int().min(0).max(MAX_PERMUTATIONS).default(byDefault).describe("number of permutations; 0 for none");

export const significance = z.number().gt(0).lt(1).default(0.05).describe("largest adjusted p-value of a cluster");

export const correction = z
  .enum(corrections)
  .default("none")
  .describe(
    "for testing many locations: none, fdr (Benjamini and Hochberg), fdr_by (Benjamini and Yekutieli), bonferroni",
  );

const draws = z
  .enum(drawings)
  .default("shared")
  .describe("shared: all locations use one table of draws; independent: each has its own, which takes much longer");

const stop = z
  .int()
  .min(0)
  .max(MAX_PERMUTATIONS)
  .default(0)
  .describe(
    "end a location after so many draws that are at least as extreme, 10 say; p is that number over the draws it took (0: all permutations)",
  );

/** What every local statistic with conditional permutation inference has. */
export const localParameters = (byDefault?: Alternative) => ({
  permutations: permutations(9999),
  seed,
  alternative: alternative(byDefault),
  draws,
  stop,
  significance,
  correction,
});

/** And those whose p can be exact. */
export const exactParameters = (byDefault?: Alternative) => ({
  inference: z
    .enum(inferences)
    .default("auto")
    .describe(
      "where p comes from: permutation, draws from the conditional distribution; exact, that distribution itself; auto, exact where weights are equal within each row and no location has more than 64 neighbors, else permutation",
    ),
  ...localParameters(byDefault),
});

/** And every global one. */
export const globalParameters = { permutations: permutations(999), seed, alternative: alternative() };

/** What every job may have, whatever its analysis; docs/jobs.md explains them. */
export const jobParameters = {
  engine: z
    .enum(engines)
    .optional()
    .describe("who runs a job of the queue: a worker, or a function on AWS Lambda; default by role or installation"),
  overwrite: z.boolean().default(false).describe("replace the target, if it is a result of one's own"),
  timeout: z.int().min(1).max(604_800).optional().describe("seconds the job may take; default and limit by role"),
  row_limit: z
    .int()
    .min(1)
    .max(2_000_000_000)
    .optional()
    .describe("rows the query may return, and a query of weights; default and limit by role"),
  memory_limit: z
    .int()
    .min(64)
    .max(1_048_576)
    .optional()
    .describe("MB of memory that the job may add to the worker's; default and limit by role or machine"),
};

/** Columns by which a job is several, at most. */
const MOST_GROUP_COLUMNS = 10;

/** Every analysis can be run separately in groups of rows. */
export const by = z
  .array(columnParameter("label", "a column of any type"))
  .min(1)
  .max(MOST_GROUP_COLUMNS)
  .optional()
  .describe(
    "columns whose values make groups: the analysis is run in each on its own, and they come first in the result",
  );

/** What jobs whose result has rows of the query may have besides. */
export const include = z
  .array(z.string().min(1))
  .default([])
  .describe("columns of the query to carry into the result as they are, of any type");
