import * as z from "zod";
import { analysis, float8, int4, text } from "#dist/analyses/analysis.js";
import { number, place, two } from "#dist/analyses/inputs.js";
import { table } from "#dist/analyses/tables.js";

/** Each line below an expectation is an error of the compiler, or this file does not compile. */
const example = { of: "counties", parameters: { value: "income" } } as const;
const named = { name: "typed", title: "", description: "", version: 1, size: "light" as const, options: {}, example };
const inputs = { value: number(""), place: place() };

describe("a declaration", () => {
  it("is checked by the compiler: columns that are missing, misspelt or of another type, and inputs that are not there", () => {
    analysis({
      ...named,
      inputs,
      rows: "each",
      columns: { std: float8(""), rank: int4("") },
      run: ({ value }) => ({ columns: { std: value, rank: Int32Array.from(value) } }),
    });
    analysis({
      ...named,
      inputs,
      rows: "each",
      columns: { std: float8("") },
      // @ts-expect-error -- misspelt
      run: ({ value }) => ({ columns: { sdt: value } }),
    });
    analysis({
      ...named,
      inputs,
      rows: "each",
      columns: { std: float8(""), rank: int4("") },
      // @ts-expect-error -- one is missing
      run: ({ value }) => ({ columns: { std: value } }),
    });
    analysis({
      ...named,
      inputs,
      rows: "each",
      columns: { rank: int4("") },
      // @ts-expect-error -- of another type
      run: ({ value }) => ({ columns: { rank: value } }),
    });
    analysis({
      ...named,
      inputs,
      rows: "one",
      columns: { mean: float8(""), name: text("") },
      // @ts-expect-error -- a single row has values, not arrays
      run: ({ value }) => ({ columns: { mean: value, name: "mean" } }),
    });
    analysis({
      ...named,
      inputs: { values: two("") },
      rows: "each",
      columns: { std: float8("") },
      // @ts-expect-error -- there is no such input
      run: ({ value }) => {
        throw new Error(String(value));
      },
    });
    analysis({
      ...named,
      inputs,
      rows: "any",
      columns: { weight: float8("") },
      // @ts-expect-error -- which rows
      run: ({ value }) => ({ columns: { weight: value } }),
    });
    analysis({
      ...named,
      inputs,
      options: { covariates: z.array(z.string()) },
      rows: "each",
      columns: { coefficient: float8("", { each: "covariates" }) },
      run: ({ value }, { covariates }) => ({ columns: { coefficient: covariates.map(() => value) } }),
    });
    analysis({
      ...named,
      inputs,
      options: { covariates: z.array(z.string()) },
      rows: "each",
      columns: { coefficient: float8("", { each: "covariates" }) },
      // @ts-expect-error -- one for each covariate
      run: ({ value }) => ({ columns: { coefficient: value } }),
    });
    analysis({
      ...named,
      inputs,
      tables: { targets: table("", { place: place() }) },
      example: { ...example, tables: { targets: "hospitals" } },
      rows: "each",
      columns: { std: float8("") },
      run: ({ targets }) => {
        // @ts-expect-error -- of the table there is no such input
        throw new Error(String(targets.value));
      },
    });
    analysis({
      ...named,
      inputs,
      tables: { targets: table("", { place: place() }) },
      example: { ...example, tables: { targets: "hospitals" } },
      rows: "each",
      // @ts-expect-error -- every row of the query is in the result, and none of another table
      of: "targets",
      columns: { std: float8("") },
      run: ({ value }) => ({ columns: { std: value } }),
    });
  });
});
