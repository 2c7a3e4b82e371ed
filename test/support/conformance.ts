import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { columnsWith, hasIds, withOutput, type Analysis } from "#dist/analyses/analysis.js";
import { checkParameters } from "#dist/analyses/check-parameters.js";
import { exampleTables, type ExampleFeature } from "#dist/analyses/example-tables.js";
import { compute } from "#dist/compute/compute.js";
import { help, helpersBy } from "#dist/compute/helpers.js";
import type { ReadTable, Task } from "#dist/compute/read-table.js";
import type { Helpers } from "#dist/compute/run-groups.js";
import type { Summary } from "#dist/compute/summary.js";
import { readGeoJsonFile } from "#dist/files/geojson.js";
import { askedOf } from "#dist/job/asked.js";
import { chooseColumns, chooseTableColumns, propertiesOf } from "#dist/job/choose-columns.js";
import { tableOf } from "#dist/job/result-table.js";
import { cell, length } from "#dist/table/column.js";
import type { Table } from "#dist/table/table.js";
import { generator } from "./random.js";

interface Result {
  table: Table;
  summary: Summary;
}

interface RunOptions {
  more?: object;
  rows?: ExampleFeature[];
  threads?: number;
  helpers?: Helpers;
}

/** Runs an analysis on its example, or on other rows of it, with more parameters, in this thread. */
export async function runExample(
  analysis: Analysis,
  { more = {}, rows, threads = 1, helpers }: RunOptions = {},
): Promise<Result> {
  const { example } = analysis;
  const parameters = checkParameters(analysis, { ...example.tables, ...example.parameters, ...more });
  const source = sourceOf(rows ?? exampleTables[example.of]());
  const choice = chooseColumns(analysis, parameters, source.columns);
  const tables: Record<string, ReadTable> = {};
  for (const asked of askedOf(propertiesOf(analysis), parameters).tables) {
    const further = sourceOf(exampleTables[example.tables![asked.table]!]());
    const chosen = chooseTableColumns(analysis, parameters, asked, further.columns);
    tables[asked.table] = { choice: chosen, rows: await further.read(chosen.readings, () => {}) };
  }
  const task: Task = { parameters, choice, rows: await source.read(choice.readings, () => {}), tables, threads };
  const computed = compute(analysis, task, () => {}, helpers);
  return { table: tableOf(computed, task), summary: computed.summary };
}

const sourceOf = (features: ExampleFeature[]): ReturnType<typeof readGeoJsonFile> =>
  readGeoJsonFile("example", JSON.stringify({ type: "FeatureCollection", features }));

/** The rows of a result, or some columns of them, each as text. */
function textsOf({ columns, n }: Table, without: string[] = []): string[] {
  const shown = columns.filter(({ name }) => !without.includes(name));
  return Array.from({ length: n }, (_, row) => JSON.stringify(shown.map(({ column }) => cell(column, row))));
}

export const digest = ({ table }: Result): string =>
  createHash("sha256").update(textsOf(table).sort().join("\n")).digest("hex");

const arrays = { float8: Float64Array, int4: Int32Array };

/** A result has the columns that are declared, of their types, and says something in each. */
export function assertDeclared(
  analysis: Analysis,
  { table, summary }: Result,
  { by = [], include = [] }: Names = {},
): void {
  const { parameters } = summary;
  const declared = columnsWith(analysis, parameters);
  const id = hasIds(analysis) ? ["id"] : [];
  assert.deepEqual(
    table.columns.map(({ name }) => name),
    [...by, ...id, ...declared.map(({ name }) => name), ...include],
  );
  for (const { name, type } of declared) {
    const { column } = table.columns.find((each) => each.name === name)!;
    assert.equal(column.type, type === "id" ? "raw" : type, name);
    assert.equal(length(column), table.n, name);
    if (column.type === "float8" || column.type === "int4") {
      assert.ok(column.values instanceof arrays[column.type], `${name} is of another array`);
    }
    if (column.type === "text") {
      assert.ok(
        column.codes.every((code) => code >= -1 && code < column.labels.length),
        `${name} has codes without labels`,
      );
    }
    const cells = Array.from({ length: table.n }, (_, row) => cell(column, row));
    assert.ok(
      cells.some((value) => value !== null),
      `${name} is null in all rows`,
    );
  }
  for (const name of table.key)
    assert.ok(
      table.columns.some((column) => column.name === name),
      `the key names ${name}`,
    );
  const keys = textsOf({ ...table, columns: table.columns.filter(({ name }) => table.key.includes(name)) });
  if (table.key.length > 0) assert.equal(new Set(keys).size, table.n, "the key is not unique");
  assert.deepEqual(JSON.parse(JSON.stringify(summary)), summary, "the summary is no JSON");
}

interface Names {
  by?: string[];
  include?: string[];
}

/** What every analysis must hold to, shown on its example. Titles of tests, and what they check. */
export const conformance: Record<string, (analysis: Analysis) => Promise<void>> = {
  async "has the columns that it declares, of their types, in their order"(analysis) {
    const { parameters, tables } = analysis.example;
    const { shape } = withOutput(analysis, { ...tables, ...parameters }).parameters;
    const include = "include" in shape ? ["state"] : [];
    const example = { ...analysis, example: withoutGroups(analysis) };
    assertDeclared(analysis, await runExample(example, { more: include.length > 0 ? { include } : {} }), { include });
  },
  async "gives rows without a value or place nulls or the label of the unused, or none, and counts them"(analysis) {
    const example = { ...analysis, example: withoutGroups(analysis) };
    const { choice, named } = namedNumbers(example);
    const gone = [3, 17, 20];
    const rows = exampleTables[choice]().map((feature, row) =>
      gone.includes(row) ? without(feature, named) : feature,
    );
    const { table, summary } = await runExample(example, { rows });
    const canUseAll = Object.values(analysis.inputs).every(({ usable }) => usable === undefined);
    const unusable = canUseAll ? 0 : gone.length;
    assert.deepEqual(summary.rows, { read: rows.length, used: rows.length - unusable, undefined: unusable });
    if (analysis.rows !== "each" || canUseAll) return;
    assert.equal(table.n, rows.length);
    for (const { name, unused = null } of columnsWith(analysis, summary.parameters)) {
      const { column } = table.columns.find((each) => each.name === name)!;
      for (const row of gone) assert.equal(cell(column, row), unused, `${name} of a row that is not used`);
    }
  },
  async "gives the same bytes whatever the order of the rows"(analysis) {
    const random = generator(7);
    const shuffled = exampleTables[analysis.example.of]()
      .map((feature) => ({ feature, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ feature }) => feature);
    assert.equal(digest(await runExample(analysis, { rows: shuffled })), digest(await runExample(analysis)));
  },
  async "gives the same bytes on two threads"(analysis) {
    // as many as make threads worth their start
    const more = "permutations" in analysis.parameters.shape ? { permutations: 450_000 } : {};
    const [one, two] = [await runExample(analysis, { more }), await runExample(analysis, { more, threads: 2 })];
    assert.equal(digest(two), digest(one));
  },
  async "gives the same bytes with helpers that take groups"(analysis) {
    const more = { by: ["state"] };
    const helpers = helpersBy(2, 0, (calls) => calls.forEach((call) => help(call, () => analysis)));
    const [one, two] = [await runExample(analysis, { more }), await runExample(analysis, { more, helpers })];
    assert.equal(digest(two), digest(one));
  },
  async "gives each group what a job of its own would"(analysis) {
    const by = ["state"];
    const example = { ...analysis, example: withoutGroups(analysis) };
    const grouped = await runExample(example, { more: { by } });
    assertDeclared(analysis, grouped, { by });
    const { results } = grouped.summary.groups as { results: { by: { state: string }; error?: unknown }[] };
    let compared = 0;
    for (const { by: group, error } of results) {
      if (error) continue;
      const rows = exampleTables[analysis.example.of]().filter(({ properties }) => properties.state === group.state);
      const own = textsOf((await runExample(example, { rows })).table).sort();
      const states = grouped.table.columns[0]!.column;
      const ours = textsOf(grouped.table, by).filter((_, row) => cell(states, row) === group.state);
      assert.deepEqual(ours.sort(), own);
      compared++;
    }
    assert.ok(compared > 1, "too few groups can be computed");
  },
  async "gives each of several variables what a job of its own would, also in groups"(analysis) {
    if (!("or" in (propertiesOf(analysis).value ?? {}))) return;
    const { value, ...parameters } = withoutGroups(analysis).parameters as { value?: string };
    const example = { ...analysis, example: { ...analysis.example, parameters } };
    // the second has no value in some rows, the last is constant
    const names = ["first", "second", "third", "constant"];
    const rows = exampleTables[analysis.example.of]().map((feature, row) => {
      const number = Number(value === undefined ? 1 : feature.properties[value]);
      const numbers = [number, row % 11 === 5 ? null : number, row < 40 ? number : 1, 1];
      const more = Object.fromEntries(names.map((name, i) => [name, numbers[i]]));
      return { ...feature, properties: { ...feature.properties, ...more } };
    });
    for (const by of [[], ["state"]]) {
      const grouping = by.length > 0 ? { by } : {};
      const many = await runExample(example, { rows, more: { ...grouping, values: names } });
      assertDeclared(analysis, many, { by: [...by, "variable"] });
      assert.ok(analysis.rows === "several" || many.table.key.includes("variable"));
      const variables = many.table.columns[by.length]!.column;
      for (const name of names) {
        const ours = textsOf(many.table, ["variable"]).filter((_, row) => cell(variables, row) === name);
        const own = await runExample(example, { rows, more: { ...grouping, value: name } }).then(
          ({ table }) => textsOf(table),
          () => undefined,
        );
        // where nothing can be computed a job of its own fails
        if (own) assert.deepEqual(ours.sort(), own.sort(), name);
        else assert.equal(name, "constant");
      }
    }
  },
};

/** An analysis, or where it has a choice of results, one for each. */
export function eachOutput(analysis: Analysis): { title: string; analysis: Analysis }[] {
  if (!analysis.outputs) return [{ title: analysis.name, analysis }];
  return analysis.outputs.map(({ when, analysis: { rows, of, key, example } }) => ({
    title: `${analysis.name} ${when}`,
    analysis: { ...analysis, rows, of, key, example },
  }));
}

const withoutGroups = ({ example }: Analysis): Analysis["example"] => {
  const parameters = { ...example.parameters };
  delete parameters.by;
  return { ...example, parameters };
};

/** The first column of numbers that an example names, if it names one. */
function namedNumbers(analysis: Analysis): { choice: Analysis["example"]["of"]; named: string | undefined } {
  const { of, parameters, tables } = analysis.example;
  const { rows } = askedOf(propertiesOf(analysis), { ...tables, ...parameters });
  return { choice: of, named: rows.columns.find(({ kind, named }) => kind === "number" && named)?.names[0] };
}

function without(feature: ExampleFeature, named: string | undefined): ExampleFeature {
  if (named === undefined) return { ...feature, geometry: null } as unknown as ExampleFeature;
  return { ...feature, properties: { ...feature.properties, [named]: null } };
}
