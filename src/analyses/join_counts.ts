import { joinCounts, type JoinCount } from "../statistics/join_counts.js";
import { analysis, float8, int4, statisticOptions, text } from "./analysis.js";
import { number, place, spatialWeights } from "./inputs.js";
import { globalParameters } from "./parameters.js";

type Joins = "bb" | "bw" | "ww";

/** The columns of one kind of joins, under names that begin with it. */
type Named<Kind extends Joins, Value> = Record<
  Kind | `${Kind}_${"expected" | "variance" | "z" | "p" | "p_sim" | "z_sim"}`,
  Value
>;

const columnsOf = <Kind extends Joins>(kind: Kind, what: string) =>
  ({
    [kind]: float8(`joins of ${what}, each pair once`),
    [`${kind}_expected`]: float8("their expectation if the ones are assigned at random"),
    [`${kind}_variance`]: float8("their variance then"),
    [`${kind}_z`]: float8("their z-score"),
    [`${kind}_p`]: float8("its two-sided p-value"),
    [`${kind}_p_sim`]: float8("pseudo p-value from permutations"),
    [`${kind}_z_sim`]: float8("z-score from permutations"),
    // computed names are strings to the checker
  }) as Named<Kind, ReturnType<typeof float8>>;

const rowOf = <Kind extends Joins>(kind: Kind, joins: JoinCount) =>
  ({
    [kind]: joins.count,
    [`${kind}_expected`]: joins.expected,
    [`${kind}_variance`]: joins.variance,
    [`${kind}_z`]: joins.z,
    [`${kind}_p`]: joins.p,
    [`${kind}_p_sim`]: joins.pSim,
    [`${kind}_z_sim`]: joins.zSim,
  }) as Named<Kind, number>;

export const joinCountsAnalysis = analysis({
  name: "join_counts",
  title: "Join counts",
  description: "Whether the ones of a binary variable are neighbors of ones more often than by chance, as numbers.",
  version: 1,
  inputs: {
    value: number("column with the variable, 0 or 1"),
    place: place(),
    weights: spatialWeights({ transform: "B" }),
  },
  options: globalParameters,
  rows: "one",
  columns: {
    ...columnsOf("bb", "two ones"),
    ...columnsOf("bw", "a one and a zero"),
    ...columnsOf("ww", "two zeros"),
    n: int4("number of rows used"),
    permutations: int4("number of permutations"),
    alternative: text("tail of the pseudo p-values"),
  },
  example: { of: "counties", parameters: { value: "is_urban" } },
  size: "heavy",
  run({ value, weights }, options, context) {
    const { bb, bw, ww } = joinCounts(value, weights, statisticOptions(options, context));
    return {
      columns: {
        ...rowOf("bb", bb),
        ...rowOf("bw", bw),
        ...rowOf("ww", ww),
        n: context.n,
        permutations: options.permutations,
        alternative: options.alternative,
      },
      summary: { bb: bb.count, bw: bw.count, ww: ww.count },
    };
  },
});
