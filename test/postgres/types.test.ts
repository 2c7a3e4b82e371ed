import assert from "node:assert/strict";
import fc from "fast-check";
import type { Reading } from "#dist/job/source.js";
import type { Column } from "#dist/table/column.js";
import { rawText, type Raw } from "#dist/table/raw.js";
import { decoder } from "#dist/postgres/decode.js";
import { encode } from "#dist/postgres/encode.js";
import { copyIn, copyOut, describe as describeQuery } from "#dist/postgres/protocol.js";
import { columnKinds, describeColumns } from "#dist/postgres/types.js";
import { createDatabase, type TestDatabase } from "../support/server.js";

/** Texts that PostgreSQL takes: all characters but the null character. */
const text = fc.string({ unit: "binary", maxLength: 60 }).map((string) => string.replaceAll("\0", ""));
const float = (arbitrary: fc.Arbitrary<number>): fc.Arbitrary<string> =>
  arbitrary.map((value) => (Object.is(value, -0) ? "-0" : String(value)));
const whole = (bits: number): fc.Arbitrary<string> =>
  fc.bigInt({ min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n }).map(String);
const digits = fc.stringMatching(/^[0-9]{1,60}$/);
const numeric = fc.oneof(
  fc.constantFrom("NaN", "0", "-0.000", "1e-16000", "9e131000"),
  fc
    .tuple(fc.constantFrom("", "-"), digits, digits, fc.integer({ min: -400, max: 400 }))
    .map(([sign, head, tail, exponent]) => `${sign}${head}.${tail}e${exponent}`),
);
const json = fc.json();
const two = (value: number): string => String(value).padStart(2, "0");
/** Days up to a year, as date, and as era where they were before Christ. */
const day = (lastYear: number): fc.Arbitrary<[date: string, era: string]> =>
  fc
    .tuple(
      fc.oneof(fc.integer({ min: 1, max: 4712 }), fc.integer({ min: 1, max: lastYear })),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 28 }),
      fc.boolean(),
    )
    .map(([year, month, date, before]) => [
      `${String(year).padStart(4, "0")}-${two(month)}-${two(date)}`,
      before && year <= 4712 ? " BC" : "",
    ]);
const endless = fc.constantFrom("infinity", "-infinity", "2000-02-29", "1999-12-31");
const timestamp = fc.oneof(
  endless,
  fc.tuple(day(294_275), fc.integer({ min: 0, max: 86_399 }), fc.nat(999_999)).map(([[date, era], seconds, micros]) => {
    const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(":");
    return `${date} ${time}.${String(micros).padStart(6, "0")}${era}`;
  }),
);

/** Literals of every type that a column may have, by the type's oid. */
const literals: Record<string, { type: string; literal: fc.Arbitrary<string> }> = {
  16: { type: "boolean", literal: fc.constantFrom("true", "false") },
  17: { type: "bytea", literal: fc.uint8Array().map((bytes) => `\\x${Buffer.from(bytes).toString("hex")}`) },
  19: { type: "name", literal: fc.stringMatching(/^[a-zé ☂]{0,20}$/) },
  20: { type: "bigint", literal: whole(64) },
  21: { type: "smallint", literal: whole(16) },
  23: { type: "integer", literal: whole(32) },
  25: { type: "text", literal: text },
  114: { type: "json", literal: json },
  700: { type: "real", literal: float(fc.float()) },
  701: { type: "double precision", literal: float(fc.double()) },
  1042: { type: "character(60)", literal: text },
  1043: { type: "character varying(60)", literal: text },
  1082: {
    type: "date",
    literal: fc.oneof(
      endless,
      day(5_874_896).map(([date, era]) => date + era),
    ),
  },
  1114: { type: "timestamp without time zone", literal: timestamp },
  1184: { type: "timestamp with time zone", literal: timestamp },
  1700: { type: "numeric", literal: numeric },
  2950: { type: "uuid", literal: fc.uuid() },
  3802: { type: "jsonb", literal: json.filter((value) => !value.includes("\\u")) },
};

/** Types that only `include` meets: nothing is known of them but their bytes. */
const others: Record<string, fc.Arbitrary<string>> = {
  "integer[]": fc.array(fc.integer()).map((items) => `{${items.join(",")}}`),
  inet: fc.ipV6(),
  int4range: fc.constantFrom("empty", "[1,5)", "(,3)", "(,)"),
  interval: fc.integer().map((seconds) => `${seconds} seconds`),
};

describe("a column of the query", () => {
  let db: TestDatabase;
  before(async () => {
    db = await createDatabase();
    await db.analyst.query("SET TimeZone = 'UTC'");
  });
  after(() => db.close());

  interface Read {
    n: number;
    /** The values as ids, where none is null. */
    ids: Raw;
    numbers: Float64Array | undefined;
    carried: Raw;
  }

  /** Makes a table of the literals and reads it, with the column as all that it can be. */
  async function read(type: string, values: (string | null)[]): Promise<Read> {
    await db.analyst.query(`DROP TABLE IF EXISTS typed; CREATE TABLE typed (at int, v ${type})`);
    await db.analyst.query(
      `INSERT INTO typed SELECT place, v::${type} FROM unnest($1::text[]) WITH ORDINALITY u (v, place)`,
      [values],
    );
    const query = "SELECT at, v FROM typed ORDER BY at";
    await db.analyst.query("BEGIN");
    const columns = await describeColumns(db.analyst, (await describeQuery(db.analyst, query))!);
    await db.analyst.query("COMMIT");
    assert.equal(columns[1]!.type, type);
    const { number } = columns[1]!.reading;
    const readings: Reading[] = [
      { as: "id", column: values.includes(null) ? 0 : 1 },
      { as: "raw", column: 1 },
      ...(number ? [{ as: "number" as const, column: 1 }] : []),
    ];
    const decode = decoder(columns, readings);
    await copyOut(db.analyst, `COPY (${query}) TO STDOUT (FORMAT binary)`, (chunk) => decode.take(chunk));
    const rows = decode.finish();
    const [ids, carried, numbers] = rows.columns as [Raw, Raw, (Column & { type: "float8" })?];
    return { n: rows.n, ids, carried, numbers: numbers?.values };
  }

  /** Writes the carried column back, and asserts that the server sees no difference. */
  async function assertCarried(type: string, { n, carried }: Read): Promise<void> {
    const at: Column = { type: "int4", values: Int32Array.from({ length: n }, (_, i) => i + 1) };
    await db.analyst.query(`DROP TABLE IF EXISTS carried; CREATE TABLE carried (at int, v ${type})`);
    const columns = [
      { name: "at", column: at },
      { name: "v", column: carried },
    ];
    await copyIn(
      db.analyst,
      "COPY carried FROM STDIN (FORMAT binary)",
      encode({ n, key: ["at"], columns }, () => {}),
    );
    const { rows } = await db.analyst.query(
      "SELECT at, t.v::text AS sent, c.v::text AS came FROM typed t FULL JOIN carried c USING (at) WHERE t.v::text IS DISTINCT FROM c.v::text",
    );
    assert.deepEqual(rows, []);
  }

  const runs = { numRuns: 25 };

  it("has a test for every type that can be read", () => {
    assert.deepEqual(Object.keys(literals), Object.keys(columnKinds.types));
  });

  for (const { type, literal } of Object.values(literals)) {
    it(`of type ${type} is read, and carried, as the server has it`, () =>
      fc.assert(
        fc.asyncProperty<[(string | null)[]]>(
          fc.oneof(fc.array(literal, { minLength: 1 }), fc.array(fc.option(literal), { minLength: 1 })),
          async (values) => {
            const rows = await read(type, values);
            const { rows: sent } = await db.analyst.query<{ text: string | null }>(
              "SELECT v::text AS text FROM typed ORDER BY at",
            );
            assert.equal(rows.n, values.length);
            if (!values.includes(null) && rows.ids.encoding !== "bytes") {
              const { rows: padded } = await db.analyst.query<{ text: string }>(
                type.startsWith("character(")
                  ? "SELECT rpad(v::text, 60) AS text FROM typed ORDER BY at"
                  : "SELECT v::text AS text FROM typed ORDER BY at",
              );
              // a float has many spellings
              const isFloat = rows.ids.encoding.startsWith("float");
              const read = (spelt: string): string | number => (isFloat ? Math.fround(Number(spelt)) : spelt);
              assert.deepEqual(
                values.map((_, row) => read(rawText(rows.ids, row))),
                padded.map((row) => read(row.text)),
              );
            }
            if (rows.numbers) {
              const numbers = sent.map((row) => (row.text === null ? NaN : Number(row.text)));
              assert.deepEqual(
                [...rows.numbers],
                numbers.map((value) => (Number.isFinite(value) ? (type === "real" ? Math.fround(value) : value) : NaN)),
              );
            }
            await assertCarried(type, rows);
          },
        ),
        runs,
      ));
  }

  for (const [type, literal] of Object.entries(others)) {
    it(`of type ${type}, which no parameter takes, is carried as the server has it`, () =>
      fc.assert(
        fc.asyncProperty(fc.array(fc.option(literal), { minLength: 1 }), async (values) => {
          await assertCarried(type, await read(type, values));
        }),
        runs,
      ));
  }
});
