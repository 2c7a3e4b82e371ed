import * as z from "zod";
import { DriveshaftError } from "../errors.js";
import { similar, similarityMethods } from "../statistics/similar.js";
import { NULL_INT4 } from "../table/column.js";
import { rawText, type Raw } from "../table/raw.js";
import { analysis, float8, ids, int4 } from "./analysis.js";
import { several, withNames, type Input } from "./inputs.js";

const MOST_REFERENCES = 1000;

/** Ids that messages list at most. */
const LISTED = 5;

const id = z.union([
  z.string().min(1).describe("an id"),
  z
    .int()
    .min(-(2 ** 53))
    .max(2 ** 53)
    .describe("an id"),
]);

/** Rows that are named by their ids; what is said of those that no row used has. */
const rowsNamed = (description: string): Input<{ rows: number[] }> => ({
  parameters: (name) => ({
    [name]: z.array(id.describe("id of a row")).min(1).max(MOST_REFERENCES).describe(description),
  }),
  value(name, used) {
    const { column } = used.named("id")[0]!;
    const rows = new Map(Array.from({ length: used.n }, (_, i) => [rawText(column as Raw, i), i]));
    const named = (used.parameters[name] as (string | number)[]).map(String);
    const found = named.flatMap((text) => rows.get(text) ?? []);
    const missing = named.filter((text) => !rows.has(text));
    const list = missing.slice(0, LISTED).join(", ") + (missing.length > LISTED ? ", ..." : "");
    if (found.length === 0) {
      throw new DriveshaftError("INVALID_PARAMETER", `${name} is ${list}, but no row that can be used has this id`, {
        hint: "Name ids of rows of the query that have a number in each of the columns.",
      });
    }
    if (missing.length > 0) used.warnings.push(`${name} names ids that no row used has: ${list}`);
    return { rows: found };
  },
});

export const similarAnalysis = analysis({
  name: "similar",
  title: "Similar rows",
  description: "How much rows are like some reference rows, by columns of numbers: twin areas.",
  version: 1,
  inputs: {
    columns: withNames(several("columns of numbers that rows are compared by", 1)),
    reference: rowsNamed("ids of the rows that others are compared with, each with the nearest"),
  },
  options: {
    method: z
      .enum(similarityMethods)
      .default("standardized")
      .describe("what distances are of: the columns, with mean 0 and sd 1, or their first principal components"),
    explained: z
      .number()
      .min(0.01)
      .max(1)
      .default(0.9)
      .describe("share of the variance that the components of pca explain at least"),
  },
  rows: "each",
  columns: {
    rank: int4("1 for the row most like a reference; null for the references"),
    distance: float8("distance to the nearest reference, in standard deviations"),
    reference_id: ids("id of that reference"),
    contribution: float8("share of the column in the squared distance; null where it is 0", { each: "columns" }),
  },
  leastRows: 2,
  example: { of: "counties", parameters: { columns: ["income", "unemployment"], reference: [1, 5, 25, 29] } },
  size: "light",
  run({ columns: { names, values }, reference }, { method, explained }) {
    const { ranks, distances, nearest, contributions, components } = similar(values, reference.rows, {
      method,
      explained,
      names,
    });
    return {
      columns: {
        rank: ranks.map((rank) => (rank === 0 ? NULL_INT4 : rank)),
        distance: distances,
        reference_id: nearest,
        contribution: contributions,
      },
      summary: {
        references: new Set(reference.rows).size,
        ...(components && { components: components.count, explained: components.explained }),
      },
    };
  },
});
