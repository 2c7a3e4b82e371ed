import assert from "node:assert/strict";
import * as z from "zod";
import { analysis, float8, geometry, ids, int4, text, type Analysis } from "#dist/analyses/analysis.js";
import { parameterSchema } from "#dist/analyses/check-parameters.js";
import { exampleTables } from "#dist/analyses/example-tables.js";
import { label, number, place, several, spatialWeights } from "#dist/analyses/inputs.js";
import { table } from "#dist/analyses/tables.js";
import { groupsOf } from "#dist/compute/groups.js";
import { pairsWithin } from "#dist/compute/pairs.js";
import { placesLike } from "#dist/geometry/place.js";
import { nearest } from "#dist/index.js";
import { cell } from "#dist/table/column.js";
import type { Table } from "#dist/table/table.js";
import { failure } from "../support/assertions.js";
import { conformance, runExample } from "../support/conformance.js";
import { ask } from "../support/jobs.js";
import { createDatabase } from "../support/server.js";

/** Made-up analyses, one of each shape that a declaration can have. */
const declared = { title: "", description: "", version: 1, size: "light" as const };

const each = analysis({
  ...declared,
  name: "shape_each",
  inputs: {
    value: number("variable", { missing: "keep" }),
    kind: label("kind"),
    covariates: several("covariates", 1),
    place: place({ kind: "polygons" }),
    weights: spatialWeights({ transform: "B" }),
  },
  options: { factor: z.number().default(2).describe("a number") },
  rows: "each",
  columns: {
    side: text("west or east", { unused: "nowhere" }),
    kind: int4("number of the kind"),
    first: ids("first neighbor"),
    shape: geometry("the polygon"),
    scaled: float8("a covariate by the factor", { each: "covariates" }),
  },
  example: {
    of: "counties",
    parameters: { value: "income", kind: "state", covariates: ["births", "deaths"] },
  },
  run({ kind, covariates, place, weights }, { factor }, { n }) {
    const { xs } = place.points(undefined, "shape_each");
    const { offsets, neighbors } = weights;
    return {
      columns: {
        side: { codes: Int32Array.from(xs, (x) => Number(x > 4)), labels: ["west", "east"] },
        kind: Int32Array.from(kind),
        first: Int32Array.from({ length: n }, (_, i) => (offsets[i]! < offsets[i + 1]! ? neighbors[offsets[i]!]! : -1)),
        shape: placesLike(place, place.geometry),
        scaled: covariates.map((values) => values.map((value) => factor * value)),
      },
    };
  },
});

const numbers = (length: number): Int32Array => Int32Array.from({ length }, (_, i) => i);

const any = analysis({
  ...declared,
  name: "shape_any",
  inputs: { place: place() },
  options: {},
  rows: "any",
  key: ["turn"],
  columns: { turn: int4("which time"), next: ids("the row after it") },
  example: { of: "counties", parameters: {} },
  // every row twice, in descending order
  run: (_, __, { n }) => ({
    rows: numbers(2 * n).map((q) => n - 1 - (q >> 1)),
    columns: {
      turn: numbers(2 * n).map((q) => q % 2),
      next: numbers(2 * n).map((q) => (q < 2 ? -1 : n - (q >> 1))),
    },
  }),
});

const of = analysis({
  ...declared,
  name: "shape_of",
  inputs: { place: place() },
  tables: { targets: table("targets", { place: place(), beds: number("beds") }) },
  options: {},
  rows: "any",
  of: "targets",
  columns: { near: int4("rows that are nearest to it"), beds: float8("its beds") },
  example: { of: "airports", parameters: { beds: "beds" }, tables: { targets: "hospitals" } },
  run({ place, targets }) {
    const [from, to] = [place.points(undefined, "shape_of"), targets.place.points(undefined, "shape_of")];
    const near = new Int32Array(targets.n);
    for (const target of nearest(from.xs, from.ys, to.xs, to.ys).indices) near[target]!++;
    return { rows: numbers(targets.n), columns: { near, beds: targets.beds } };
  },
});

const pairs = analysis({
  ...declared,
  name: "shape_several",
  inputs: { place: place() },
  tables: { targets: table("targets", { place: place() }) },
  options: {},
  rows: "several",
  key: ["origin", "destination"],
  columns: { origin: ids("row"), destination: ids("target", "targets") },
  example: { of: "airports", parameters: {}, tables: { targets: "hospitals" } },
  run: ({ targets }, _, { n }) => ({
    columns: {
      origin: numbers(n * targets.n).map((q) => Math.floor(q / targets.n)),
      destination: numbers(n * targets.n).map((q) => q % targets.n),
    },
  }),
});

const double = ({ value }: { value: Float64Array }) => ({ columns: { twice: value.map((one) => 2 * one) } });

const free = analysis({
  ...declared,
  name: "shape_free",
  inputs: { value: number("variable") },
  options: {},
  rows: "each",
  columns: { twice: float8("twice the value") },
  example: { of: "counties", parameters: { value: "income" } },
  idOptional: true,
  run: double,
});

const rowOf = ({ columns }: Table, row: number): unknown[] => columns.map(({ column }) => cell(column, row));

describe("a declaration's shape", () => {
  for (const shape of [each, any, of, pairs, free]) {
    describe(shape.name, () => {
      for (const [title, check] of Object.entries(conformance)) it(title, () => check(shape));
    });
  }

  it("may have ids of other rows in a result of every row, and none where a row has none or was not used", async () => {
    const rows = exampleTables.counties();
    rows[9]!.properties.births = null;
    const { table } = await runExample(each, { rows });
    const first = table.columns.findIndex(({ name }) => name === "first");
    // counties in rows of eight: 2 and the ones below touch 1; 10 is not used
    assert.deepEqual(
      [0, 1, 9, 10].map((row) => rowOf(table, row)[first]),
      [2, 1, null, 2],
    );
    const last = await runExample(any);
    assert.deepEqual(
      [rowOf(last.table, 0), rowOf(last.table, 2)],
      [
        [48, 0, null],
        [47, 0, 48],
      ],
    );
  });

  it("may be one of rows without ids: then the result has none, and no key", async () => {
    const rows = exampleTables.counties();
    for (const { properties } of rows) delete properties.id;
    const { table } = await runExample(free, { rows, more: { include: ["name"] } });
    assert.deepEqual(
      [table.key, table.columns.map(({ name }) => name), rowOf(table, 1)],
      [[], ["twice", "name"], [2 * (rows[1]!.properties.income as number), "County 2"]],
    );
    assert.throws(
      () => analysis({ ...declared, ...any, name: "both", idOptional: true, columns: { id: ids("") } } as never),
      /both returns ids of rows that may be without: leave idOptional out/,
    );
  });

  it("has no parameter twice", () => {
    const twice = (more: object): (() => unknown) => {
      const { inputs, example, run } = { ...free, inputs: { value: number("variable") }, run: double };
      return () => analysis({ ...declared, ...free, inputs, example, run, options: {}, columns: {}, ...more } as never);
    };
    const tables = { others: table("others", { value: number("their variable") }) };
    assert.throws(twice({ tables }), /shape_free has two parameters value/);
    assert.throws(twice({ options: { by: z.string() } }), /shape_free has two parameters by/);
  });

  it("of weights by ids needs these", () => {
    const none = { choice: { readings: [], id: undefined, parameters: [], names: [] }, rows: { n: 9, columns: [] } };
    const task = { ...none, parameters: {}, tables: { weights: none }, threads: 1 };
    assert.throws(
      () => pairsWithin(any, task, groupsOf([], [numbers(9)], 9, undefined)),
      failure("MISSING_COLUMN", /weights are given by ids, but the rows have no id column/),
    );
  });

  it("cannot return rows or ids that are not there", async () => {
    const wrong = (columns: object, rows?: Int32Array): Analysis => ({
      ...any,
      run: (_, __, { n }) => ({
        rows: rows ?? numbers(n),
        columns: {
          turn: { type: "int4", values: numbers(n) },
          next: { type: "int4", values: numbers(n) },
          ...columns,
        },
      }),
    });
    await runExample(wrong({}));
    await assert.rejects(runExample(wrong({}, numbers(48).fill(48))), /returned rows that are not there/);
    await assert.rejects(runExample(wrong({}, numbers(48).fill(-1))), /returned rows that are not there/);
    const next = { type: "int4", values: numbers(48).fill(48) };
    await assert.rejects(runExample(wrong({ next })), /returned ids of next that are not there/);
    await assert.rejects(runExample(wrong({ next: { type: "int4", values: numbers(9) } })), /9 values of next for 48/);
  });

  it("has names that a table can have, each once, in SQL as in TypeScript", async () => {
    const db = await createDatabase();
    try {
      for (const shape of [each, of]) await register(db.admin, shape);
      const long = "b".repeat(57);
      const county = `SELECT 1 AS id, ''::bytea AS geom, 1 AS state, 1 AS income, 1 AS births, 1 AS ${long}`;
      const hospital = "SELECT 1 AS id, ''::bytea AS geom, 3 AS beds";
      const cases: [Analysis, object, RegExp][] = [
        [
          each,
          { covariates: ["births", "births"] },
          /two result columns of shape_each would be called "scaled_births"/,
        ],
        [each, { covariates: [long] }, /the result column "scaled_b+" would have a name of 64 bytes, at most 63/],
        [of, { targets_id: "beds" }, /the id column of targets is called "beds", as is a result column of shape_of/],
        [of, { by: ["id"] }, /the id column of targets is called "id", as is a result column of shape_of/],
      ];
      for (const [shape, more, message] of cases) {
        const refused = failure("INVALID_PARAMETER", message);
        const rows = exampleTables[shape.example.of]().map((feature) => ({
          ...feature,
          properties: { ...feature.properties, [long]: 1 },
        }));
        await assert.rejects(runExample(shape, { rows, more }), refused);
        const params = { ...shape.example.parameters, ...(shape === of && { targets: hospital }), ...more };
        await assert.rejects(ask(db.analyst, shape.name, county, params), message);
      }
    } finally {
      await db.close();
    }
  });
});

/** Puts an analysis into the catalogue that requests are checked against. */
async function register(admin: { query(text: string, values: unknown[]): Promise<unknown> }, one: Analysis) {
  await admin.query("INSERT INTO driveshaft.analyses VALUES ($1, '', '', 1, $2, $3)", [
    one.name,
    JSON.stringify(parameterSchema(one)),
    JSON.stringify(one.columns),
  ]);
}
