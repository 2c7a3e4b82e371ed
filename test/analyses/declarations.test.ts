import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { genericName } from "#dist/analyses/analysis.js";
import { analyses } from "#dist/analyses/index.js";
import { checkParameters, parameterSchema, type ParameterSchema } from "#dist/analyses/check-parameters.js";
import { exampleCommand, exampleSql } from "#dist/analyses/example-text.js";
import { jobParameters } from "#dist/analyses/parameters.js";
import { describeParameter } from "#dist/cli/analyses.js";
import { codes } from "#dist/errors.js";
import { failure } from "../support/assertions.js";
import { createDatabase } from "../support/server.js";

const understood = new Set(
  "type description default const enum minimum maximum exclusiveMinimum exclusiveMaximum minLength minItems maxItems uniqueItems oneOf anyOf items properties required additionalProperties column defaults or needed identifies repeats of like table atMost output without polygons placeless".split(
    " ",
  ),
);

function* subschemas(schema: ParameterSchema): Generator<ParameterSchema> {
  yield schema;
  for (const part of [
    ...(schema.oneOf ?? []),
    ...(schema.anyOf ?? []),
    ...(schema.items ? [schema.items] : []),
    ...Object.values(schema.properties ?? {}),
  ])
    yield* subschemas(part);
}

describe("declarations of analyses", () => {
  for (const analysis of analyses) {
    const schema = parameterSchema(analysis);

    it(`of ${analysis.name} keep to the JSON Schema that the SQL checker understands`, () => {
      for (const part of subschemas(schema)) {
        for (const key of Object.keys(part)) assert.ok(understood.has(key), `${key} in ${JSON.stringify(part)}`);
        if (part.type === "object") assert.equal(part.additionalProperties, false);
        if (part.oneOf) assert.ok(part.oneOf.every((branch) => branch.properties?.type?.const !== undefined));
      }
    });

    it(`of ${analysis.name} describe every parameter and column`, () => {
      assert.match(analysis.name, /^[a-z][a-z0-9_]*$/);
      for (const [name, property] of Object.entries(schema.properties!)) assert.ok(property.description, name);
      for (const column of analysis.columns) assert.ok(column.description, column.name);
    });

    it(`of ${analysis.name} have a function on AWS Lambda`, async () => {
      const handler = await readFile(`handlers/${analysis.name}.ts`, "utf8");
      assert.match(handler, new RegExp(`from "#dist/analyses/${analysis.name}.js"`));
    });

    it(`of ${analysis.name} are in the README's table`, async () => {
      const link = `[\`${analysis.name}\`](docs/analyses/${analysis.name}.md)`;
      assert.ok((await readFile("README.md", "utf8")).includes(link), `the README should have ${link}`);
    });

    it(`of ${analysis.name} are what its page of the documentation says`, async () => {
      const page = await readFile(`docs/analyses/${analysis.name}.md`, "utf8");
      assert.ok(page.startsWith(`# ${analysis.name}: ${analysis.title}\n`));
      for (const block of [`\`\`\`sql\n${exampleSql(analysis)}\n`, `\`\`\`sh\n${exampleCommand(analysis)}\n`]) {
        assert.ok(page.includes(block), `the page should have the block: ${block}`);
      }
      for (const [name, property] of Object.entries(schema.properties!)) {
        if (name in jobParameters || ["by", "include"].includes(name)) continue;
        const row = `| \`${name}\` | ${describeParameter(property, schema.required?.includes(name) ?? false).replaceAll("|", "\\|")} |`;
        assert.ok(page.includes(row), `the page should have the row: ${row}`);
      }
      for (const column of analysis.columns) {
        const row = `| \`${genericName(column)}\` | ${column.type} | ${column.description} |`;
        assert.ok(page.includes(row), `the page should have the row: ${row}`);
      }
    });
  }

  it("of what every job may have are what docs/jobs.md says", async () => {
    const page = await readFile("docs/jobs.md", "utf8");
    const { properties } = parameterSchema(analyses.find(({ rows }) => rows === "each")!);
    for (const name of ["by", "include", ...Object.keys(jobParameters)]) {
      const row = `| \`${name}\` | ${describeParameter(properties![name]!, false).replaceAll("|", "\\|")} |`;
      assert.ok(page.includes(row), `the page should have the row: ${row}`);
    }
  });

  it("make the SQL catalogue", async () => {
    const db = await createDatabase();
    try {
      const { rows } = await db.analyst.query<{ name: string; parameters: unknown; columns: unknown }>(
        "SELECT * FROM cdb_analyses()",
      );
      const expected = analyses.toSorted((a, b) => (a.name < b.name ? -1 : 1));
      assert.deepEqual(
        rows.map(({ name, parameters, columns }) => ({ name, parameters, columns })),
        expected.map((analysis) => ({
          name: analysis.name,
          parameters: parameterSchema(analysis),
          columns: analysis.columns,
        })),
      );
    } finally {
      await db.close();
    }
  });

  it("fill in defaults, and name what is wrong", () => {
    const moran = analyses.find(({ name }) => name === "moran")!;
    assert.deepEqual(checkParameters(moran, { value: "v", weights: { type: "knn" } }), {
      value: "v",
      weights: { type: "knn", symmetric: false, great_circle: false },
      permutations: 999,
      seed: 12345,
      alternative: "two-sided",
      transform: "R",
      overwrite: false,
    });
    assert.throws(
      () => checkParameters(moran, { value: "v", weights: { type: "knn", n: 3 } }),
      failure("UNKNOWN_PARAMETER", /params.weights has no parameter "n"/),
    );
    assert.throws(() => checkParameters(moran, { value: 5 }), failure("INVALID_PARAMETER", /params.value is 5/));
    assert.throws(() => checkParameters(moran, null), failure("INVALID_PARAMETER", /params is null/));
  });

  it("have every error code in docs/errors.md", async () => {
    const page = await readFile("docs/errors.md", "utf8");
    for (const code of codes) assert.ok(page.includes(`| \`${code}\` |`), code);
  });
});
