import assert from "node:assert/strict";
import fc from "fast-check";
import type pg from "pg";
import { analyses } from "#dist/analyses/index.js";
import { checkParameters, parameterSchema, type ParameterSchema } from "#dist/analyses/check-parameters.js";
import { chooseColumns } from "#dist/job/choose-columns.js";
import type { SourceColumn } from "#dist/job/source.js";
import { DriveshaftError } from "#dist/errors.js";
import { querySource } from "#dist/postgres/source.js";
import { createDatabase, type TestDatabase } from "../support/server.js";

/** Columns of every kind that a parameter may name, or may not. */
const query = `SELECT 1 AS id, 1.5::float8 AS v, 2::numeric AS n, 'a'::text AS label, '{}'::text AS geom, 3::int2 AS x, 4::int8 AS y,
  '{}'::json AS j, ARRAY[1] AS many, '(1,2)'::point AS p, ROW(1, 2) AS r, true AS b, tableoid, xmin AS xmin, 7 AS value, 8 AS focal,
  ARRAY[1::small] AS guarded, (SELECT most_common_vals FROM pg_stats LIMIT 1) AS anything, current_date AS d FROM pg_class`;
const names = "id v n label geom x y j many p r b tableoid xmin value focal guarded anything d nowhere".split(" ");

/** Texts of numbers that JSON takes and doubles do not show alike; put in place of these words. */
const numerals = ["1e400", "-0", "1.0", "12345678901234567890", "1e-400", "9007199254740993", "0.1e1", "-1e2"];

const name = fc.constantFrom(...names);
const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    "",
    "é",
    0,
    -1,
    1,
    1.5,
    2,
    8,
    1000,
    1001,
    1e9,
    1e300,
    2 ** 53,
    [],
    {},
    [1],
    [[]],
  ),
  fc.constantFrom(...numerals.map((_, i) => `numeral ${i}`)),
  fc.constantFrom("queen", "knn", { type: "knn" }, { type: "queen" }, { type: 5 }, { type: "union", of: [] }, { k: 3 }),
  fc.constantFrom("__proto__", "constructor", "toString"),
  name,
);

/** Columns that fit a kind of parameter. */
const fitting: Record<string, string[]> = {
  number: ["v", "n", "x", "y", "value"],
  geometry: ["geom", "j", "label"],
  id: ["id", "y", "label", "many"],
  label: names,
  cell: ["label", "y", "n"],
  time: ["d", "v", "n", "label"],
};

/** A value that a schema allows; columns are now and then of another kind, or not there. */
function valueOf(schema: ParameterSchema): fc.Arbitrary<unknown> {
  if (schema.oneOf) return fc.oneof(...schema.oneOf.map(valueOf));
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(valueOf));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case "boolean":
      return fc.boolean();
    case "string":
      return fc.oneof(
        { weight: 19, arbitrary: fc.constantFrom(...(fitting[schema.column ?? "label"] ?? names)) },
        name,
      );
    case "integer":
      return fc.oneof(
        fc.constantFrom(schema.minimum!, schema.maximum!),
        fc.integer({ min: schema.minimum!, max: schema.minimum! + 9 }),
      );
    case "number": {
      const least = schema.minimum ?? schema.exclusiveMinimum! + 1e-9;
      return fc.constantFrom(least, least + 0.5, schema.maximum ?? schema.exclusiveMaximum! * 0.99);
    }
    case "array":
      return fc.array(valueOf(schema.items!), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(4, schema.maxItems ?? 4),
      });
    default:
      return fc.record(Object.fromEntries(Object.entries(schema.properties!).map(([key, of]) => [key, valueOf(of)])), {
        requiredKeys: schema.required ?? [],
      });
  }
}

/** The value with something else put, left out or added somewhere in it. */
function changed(value: unknown): fc.Arbitrary<unknown> {
  const inner = typeof value === "object" && value !== null ? Object.keys(value) : [];
  if (inner.length === 0) return junk;
  return fc.tuple(fc.constantFrom(...inner), fc.nat(9)).chain(([key, what]) => {
    const copy = structuredClone(value) as Record<string, unknown>;
    const put = (name: string) => (part: unknown) =>
      Object.assign(Array.isArray(copy) ? [...(copy as unknown[])] : { ...copy }, { [name]: part }) as unknown;
    if (what === 0) return junk;
    if (what === 1 && !Array.isArray(copy)) {
      return fc.constant(Object.fromEntries(Object.entries(copy).filter(([name]) => name !== key)));
    }
    const more = fc.constantFrom(`${key}s`, "constructor", "a", "zz", "é");
    if (what === 2 && !Array.isArray(copy)) return fc.tuple(more, junk).map(([name, part]) => put(name)(part));
    return changed(copy[key]).map(put(key));
  });
}

const request = fc.constantFrom(...analyses).chain((analysis) => {
  const valid = valueOf(parameterSchema(analysis));
  return fc.oneof(valid, valid.chain(changed), valid.chain(changed).chain(changed)).map((params) => ({
    analysis,
    text: JSON.stringify(params).replace(/"numeral (\d)"/g, (_, i: string) => numerals[Number(i)]!),
  }));
});

describe("the checks of a request", () => {
  let db: TestDatabase;
  let client: pg.Client;
  let columns: SourceColumn[];
  before(async () => {
    db = await createDatabase();
    client = await db.open("analyst");
    await client.query("CREATE DOMAIN small AS int CHECK (value < 9)");
    const source = await querySource(client, query);
    columns = source.columns;
    await source.close?.();
    await db.admin.query(`
      CREATE FUNCTION verdict(analysis text, params jsonb, names text[], types oid[]) RETURNS text LANGUAGE plpgsql AS $$
      DECLARE
        declared driveshaft.analyses := (SELECT a FROM driveshaft.analyses a WHERE a.name = analysis);
      BEGIN
        PERFORM driveshaft.check_params(declared.parameters, params, 'params');
        PERFORM driveshaft.check_columns(declared, params, names, types);
        RETURN NULL;
      EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
      END $$`);
  });
  after(async () => {
    await client.end();
    await db.close();
  });

  it("come to the same in SQL and in TypeScript, on thousands of them", async () => {
    const requests = fc.sample(request, 4_000);
    const { rows } = await db.admin.query<{ verdict: string | null }>(
      `SELECT verdict(analysis, params::jsonb, c.names, c.types) FROM driveshaft.query_columns($3, 'public') c,
         ROWS FROM (unnest($1::text[]), unnest($2::text[])) WITH ORDINALITY t (analysis, params, place) ORDER BY place`,
      [requests.map(({ analysis }) => analysis.name), requests.map(({ text }) => text), query],
    );
    const counts: Record<string, number> = {};
    const differing: string[] = [];
    requests.forEach(({ analysis, text }, i) => {
      const said = rows[i]!.verdict;
      const bySql = said === null ? "good" : (/^DS000 ([A-Z_]+):/.exec(said)?.[1] ?? said);
      let byType = "good";
      let message = "";
      try {
        chooseColumns(analysis, checkParameters(analysis, JSON.parse(text)), columns);
      } catch (error) {
        if (!(error instanceof DriveshaftError)) throw error;
        byType = error.code;
        message = error.message;
      }
      counts[bySql] = (counts[bySql] ?? 0) + 1;
      if (byType !== bySql)
        differing.push(`${analysis.name} ${text}\n  SQL: ${said}\n  TypeScript: ${byType} ${message}`);
    });
    assert.equal(differing.length, 0, differing.slice(0, 10).join("\n"));
    // all come, or the test has shown little
    const codes = ["good", "INVALID_PARAMETER", "UNKNOWN_PARAMETER", "MISSING_COLUMN", "WRONG_COLUMN_TYPE"];
    for (const code of codes) assert.ok(counts[code]! > 50, JSON.stringify(counts));
  }).timeout(120_000);
});
