import assert from "node:assert/strict";
import fc from "fast-check";
import { encode } from "#dist/postgres/encode.js";
import { createTable } from "#dist/postgres/create-table.js";
import { copyIn } from "#dist/postgres/protocol.js";
import { cell, labelled, length, NULL_BOOL, NULL_INT4, NULL_INT8, take, type Column } from "#dist/table/column.js";
import type { Cell } from "#dist/table/cell.js";
import { buildRaw, type Raw } from "#dist/table/raw.js";
import { placesOf, shapes } from "../support/places.js";
import { createDatabase, type TestDatabase } from "../support/server.js";

function rawOf(texts: (string | null)[]): Raw {
  const raw = buildRaw("raw");
  for (const text of texts) {
    if (text === null) raw.none();
    else raw.push(Buffer.from(text));
  }
  return { type: "raw", sqlType: "text", encoding: "text", ...raw.take() };
}

const located = [shapes.Point[0]!, shapes.Polygon[0]!, null, shapes.MultiPolygon[1]!];

/** Four rows of each type, the third without a value. */
const columns: Record<string, { column: Column; cells: Cell[] }> = {
  float8: { column: { type: "float8", values: Float64Array.of(1.5, -0, NaN, 1e300) }, cells: [1.5, -0, null, 1e300] },
  int4: {
    column: { type: "int4", values: Int32Array.of(1, -7, NULL_INT4, 2147483647) },
    cells: [1, -7, null, 2147483647],
  },
  int8: {
    column: { type: "int8", values: BigInt64Array.of(1n, -7n, NULL_INT8, 2n ** 62n) },
    cells: ["1", "-7", null, String(2n ** 62n)],
  },
  bool: { column: { type: "bool", values: Uint8Array.of(1, 0, NULL_BOOL, 1) }, cells: [true, false, null, true] },
  text: {
    column: { type: "text", codes: Int32Array.of(1, 0, -1, 1), labels: ["a", "Ä\t\n"] },
    cells: ["Ä\t\n", "a", null, "Ä\t\n"],
  },
  jsonb: {
    column: { type: "jsonb", values: ['{"a": [1, null]}', "2", null, '"x"'] },
    cells: [{ a: [1, null] }, 2, null, "x"],
  },
  "float8[]": {
    column: { type: "float8[]", values: [Float64Array.of(1, NaN), Float64Array.of(), null, Float64Array.of(-1e-300)] },
    cells: [[1, null], [], null, [-1e-300]],
  },
  "int4[]": {
    column: { type: "int4[]", values: [Int32Array.of(1, -2), Int32Array.of(), null, Int32Array.of(3)] },
    cells: [[1, -2], [], null, [3]],
  },
  "text[]": {
    column: { type: "text[]", values: [["a", 'b "c",{}'], [], null, [""]] },
    cells: [["a", 'b "c",{}'], [], null, [""]],
  },
  geometry: {
    column: placesOf(located),
    cells: located,
  },
  raw: { column: rawOf(["one", "", null, "Größe".repeat(30)]), cells: ["one", "", null, "Größe".repeat(30)] },
};

describe("a column", () => {
  for (const [type, { column, cells }] of Object.entries(columns)) {
    it(`of type ${type} is taken in any order, a row once, often or never, and null where there is none`, () => {
      const rows = fc.array(fc.integer({ min: -1, max: 3 }), { maxLength: 12 });
      fc.assert(
        fc.property(rows, (rows) => {
          const taken = take(column, Int32Array.from(rows));
          assert.equal(length(taken), rows.length);
          assert.deepEqual(
            rows.map((_, i) => cell(taken, i)),
            rows.map((row) => (row < 0 ? null : cells[row])),
          );
          // what was taken can be taken from again
          const reversed = Int32Array.from(rows.keys()).reverse();
          assert.deepEqual(
            rows.map((_, i) => cell(take(taken, reversed), i)),
            rows.map((row) => (row < 0 ? null : cells[row])).reverse(),
          );
        }),
      );
    });
  }

  it("of labels may have any number of them", () => {
    const labels = Array.from({ length: 70_000 }, (_, i) => `label ${i}`);
    const column: Column = { type: "text", codes: Int32Array.of(255, 256, 69_999, -1), labels };
    const rows = Int32Array.of(3, 2, 1, 0);
    const shown = labelled(take(column, rows), "none");
    assert.deepEqual(
      [0, 1, 2, 3].map((row) => cell(shown, row)),
      ["none", "label 69999", "label 256", "label 255"],
    );
  });

  describe("in a table of the server", () => {
    let db: TestDatabase;
    before(async () => {
      db = await createDatabase();
    });
    after(() => db.close());

    it("has the values that it had here, of every type", async () => {
      // places are tested apart, where there is a type for them
      const typed = Object.entries(columns).filter(([type]) => type !== "geometry");
      const named = typed.map(([name, { column }]) => ({ name, column }));
      const table = { n: 4, key: [], columns: named };
      await db.analyst.query(createTable("every", table));
      await copyIn(
        db.analyst,
        "COPY every FROM STDIN (FORMAT binary)",
        encode(table, () => {}),
      );
      const { rows } = await db.analyst.query<Record<string, unknown>>("SELECT * FROM every");
      const expected = [0, 1, 2, 3].map((row) =>
        Object.fromEntries(typed.map(([name, { cells }]) => [name, cells[row]])),
      );
      // the client library has no minus zero
      assert.deepEqual(JSON.parse(JSON.stringify(rows)), JSON.parse(JSON.stringify(expected)));
    });
  });
});
