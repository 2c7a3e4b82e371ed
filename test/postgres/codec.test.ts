import assert from "node:assert/strict";
import fc from "fast-check";
import type { Places } from "#dist/geometry/place.js";
import { NULL_INT4 } from "#dist/table/column.js";
import { numericText } from "#dist/table/numeric.js";
import type { Raw } from "#dist/table/raw.js";
import type { Table } from "#dist/table/table.js";
import { chooseColumns } from "#dist/job/choose-columns.js";
import { findAnalysis } from "#dist/analyses/index.js";
import { decoder } from "#dist/postgres/decode.js";
import { encode } from "#dist/postgres/encode.js";
import { copyIn, copyOut, describe as describeQuery } from "#dist/postgres/protocol.js";
import type { PostgresColumn } from "#dist/postgres/types.js";
import { textIds } from "../support/analyse.js";
import { failure } from "../support/assertions.js";
import { startProxy } from "../support/proxy.js";
import { coordinate } from "../support/coordinates.js";
import { createDatabase, open, roles, type TestDatabase } from "../support/server.js";

const columns: PostgresColumn[] = [
  { name: "id", type: "text", kinds: ["id"], reading: { encoding: "text" }, geography: false },
  {
    name: "x",
    type: "double precision",
    kinds: ["number"],
    reading: { encoding: "float8", number: "float8" },
    geography: false,
  },
  {
    name: "y",
    type: "double precision",
    kinds: ["number"],
    reading: { encoding: "float8", number: "float8" },
    geography: false,
  },
];
const { readings } = chooseColumns(findAnalysis("kmeans"), { x: "x", y: "y" }, columns);

function tableOf(rows: [id: string, x: number | null, y: number | null][]): Table {
  const column = (at: 1 | 2): Float64Array => Float64Array.from(rows, (row) => row[at] ?? NaN);
  return {
    n: rows.length,
    key: ["id"],
    columns: [
      { name: "id", column: textIds(rows.map(([id]) => id)) },
      { name: "x", column: { type: "float8", values: column(1) } },
      { name: "y", column: { type: "float8", values: column(2) } },
    ],
  };
}

const bytesOf = (table: Table): Buffer =>
  Buffer.concat([...encode(table, () => {})].map((chunk) => Buffer.from(chunk)));

describe("COPY BINARY", () => {
  it("decodes what was encoded, wherever the bytes are cut", () => {
    const row = fc.tuple(fc.string({ unit: "grapheme" }), fc.option(coordinate), fc.option(coordinate));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), fc.array(fc.nat(), { maxLength: 10 }), (rows, cuts) => {
        const bytes = bytesOf(tableOf(rows));
        const decode = decoder(columns, readings);
        const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
        for (let i = 1; i < at.length; i++) decode.take(bytes.subarray(at[i - 1], at[i]));
        const result = decode.finish();
        assert.equal(result.n, rows.length);
        const [ids, { geometry }] = result.columns as [Raw, Places];
        assert.deepEqual(Buffer.from(ids.bytes), Buffer.concat(rows.map(([id]) => Buffer.from(id))));
        const somewhere = rows.filter(([, x, y]) => x !== null && y !== null);
        assert.deepEqual(
          [...geometry.xs],
          somewhere.map(([, x]) => x),
        );
      }),
    );
  });

  it("takes rows larger than its buffer, and more rows than fit into one chunk", () => {
    const rows = Array.from({ length: 20_000 }, (_, i): [string, number, number] => [
      i === 7 ? "long".repeat(200_000) : `row ${i}`,
      i,
      -i,
    ]);
    const decode = decoder(columns, readings);
    for (const chunk of encode(tableOf(rows), () => {})) decode.take(chunk);
    const { n, columns: read } = decode.finish();
    const { geometry } = read[1] as Places;
    assert.deepEqual([n, geometry.xs[19_999], geometry.ys[19_999]], [20_000, 19_999, -19_999]);
  });

  it("says so where the data end early", () => {
    const bytes = bytesOf(tableOf([["a", 1, 2]]));
    const decode = decoder(columns, readings);
    decode.take(bytes.subarray(0, bytes.length - 2));
    assert.throws(() => decode.finish(), failure("QUERY_FAILED", /ended early/));
  });

  describe("on a server", () => {
    let db: TestDatabase;
    before(async () => {
      db = await createDatabase();
    });
    after(() => db.close());

    it("reads numerics as the server prints them", async () => {
      const literals = [
        "0",
        "-0.00",
        "1",
        "-1",
        "10000",
        "99999999",
        "0.0001",
        "-0.00010",
        "1e20",
        "1.5e-20",
        "NaN",
        "Infinity",
        "-Infinity",
        "123456789012345678901234567890.123456789",
      ];
      for (const literal of literals) {
        const { rows } = await db.analyst.query<{ bytes: Buffer; text: string }>(
          "SELECT numeric_send($1::numeric) AS bytes, $1::numeric::text AS text",
          [literal],
        );
        const { bytes, text } = rows[0]!;
        assert.equal(numericText(new DataView(bytes.buffer, bytes.byteOffset, bytes.length)), text);
      }
    });

    it("writes nulls, extremes and labels as they are", async () => {
      await db.analyst.query("CREATE TABLE written (id text, f float8, i int, t text)");
      const table: Table = {
        n: 3,
        key: ["id"],
        columns: [
          { name: "id", column: textIds(["a", "", "☂"]) },
          { name: "f", column: { type: "float8", values: Float64Array.of(NaN, -Number.MAX_VALUE, Number.MIN_VALUE) } },
          { name: "i", column: { type: "int4", values: Int32Array.of(NULL_INT4, 2147483647, -2147483647) } },
          { name: "t", column: { type: "text", codes: Int32Array.of(0, 1, 2), labels: [null, "", "Ä\t\n\\"] } },
        ],
      };
      await copyIn(
        db.analyst,
        "COPY written FROM STDIN (FORMAT binary)",
        encode(table, () => {}),
      );
      const { rows } = await db.analyst.query("SELECT * FROM written");
      assert.deepEqual(rows, [
        { id: "a", f: null, i: null, t: null },
        { id: "", f: -Number.MAX_VALUE, i: 2147483647, t: "" },
        { id: "☂", f: Number.MIN_VALUE, i: -2147483647, t: "Ä\t\n\\" },
      ]);
    });

    it("is sent no faster than the server takes it", async () => {
      const proxy = await startProxy(db.url());
      const slow = await open(proxy.through(db.url(roles.analyst)));
      await db.analyst.query("CREATE TABLE bulk (b bytea)");
      const megabyte = Buffer.alloc(2 ** 20);
      let made = 0;
      function* endless(): Generator<Uint8Array> {
        yield bytesOf(tableOf([])).subarray(0, 19);
        while (made < 500) {
          if (made++ === 20) proxy.fail("stall");
          yield Buffer.concat([Buffer.from([0, 1, 0, 16, 0, 0]), megabyte]);
        }
      }
      const sending = copyIn(slow, "COPY bulk FROM STDIN (FORMAT binary)", endless());
      const gone = assert.rejects(sending, Error);
      for (let before = -1; made < 20 || made > before;) {
        before = made;
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      // what the buffers of two sockets take, and no more
      assert.ok(made < 60, `${made} MB were made for a server that takes none`);
      await proxy.close();
      await gone;
      await slow.end();
    });

    it("leaves the connection usable after an error on either side", async () => {
      await assert.rejects(
        copyOut(
          db.analyst,
          "COPY (SELECT 1 / (g - 5) FROM generate_series(1, 9) g) TO STDOUT (FORMAT binary)",
          () => {},
        ),
        /division by zero/,
      );
      await assert.rejects(
        copyIn(db.analyst, "COPY written (nothing) FROM STDIN (FORMAT binary)", []),
        /does not exist/,
      );
      await db.analyst.query("CREATE TABLE narrow (i smallint)");
      await assert.rejects(
        copyIn(
          db.analyst,
          "COPY narrow FROM STDIN (FORMAT binary)",
          encode(tableOf([["a", 1, 1]]), () => {}),
        ),
        /row field count is 3, expected 1/,
      );
      function* failing(): Generator<Uint8Array> {
        yield bytesOf(tableOf([])).subarray(0, 19);
        throw new Error("the source broke");
      }
      await assert.rejects(copyIn(db.analyst, "COPY narrow FROM STDIN (FORMAT binary)", failing()), /the source broke/);
      assert.deepEqual((await db.analyst.query("SELECT 1 AS one")).rows, [{ one: 1 }]);
    });

    it("cannot be left by a query that closes its bracket", async () => {
      await db.analyst.query("CREATE TABLE victim AS SELECT 1 AS i");
      const evil = "SELECT 1) TO STDOUT; COMMIT; DROP TABLE victim; COPY (SELECT 1";
      await assert.rejects(
        copyOut(db.analyst, `COPY (${evil}\n) TO STDOUT (FORMAT binary)`, () => {}),
        { code: "42601" },
      );
      await assert.rejects(describeQuery(db.analyst, evil), { code: "42601" });
      assert.equal((await db.analyst.query("SELECT FROM victim")).rowCount, 1);
    });
  });
});
