import assert from "node:assert/strict";
import { gridDisk, latLngToCell } from "h3-js";
import { checkParameters } from "#dist/analyses/check-parameters.js";
import { findAnalysis } from "#dist/analyses/index.js";
import { compute } from "#dist/compute/compute.js";
import { readCsv } from "#dist/files/csv.js";
import { chooseColumns } from "#dist/job/choose-columns.js";
import { tableOf } from "#dist/job/result-table.js";
import { cell } from "#dist/table/column.js";
import { cellWeights, getisOrdLocal, transform } from "driveshaft";
import { failure } from "../support/assertions.js";
import { ask, run } from "../support/jobs.js";
import { createDatabase, type TestDatabase } from "../support/server.js";

const cells = gridDisk(latLngToCell(52, 13, 8), 4).sort();
const values = cells.map((_, i) => ((i * 37) % 11) + 1);

/** Computes an analysis on rows of a file. */
async function analyse(name: string, csv: string[], parameters: object) {
  const analysis = findAnalysis(name);
  const given = checkParameters(analysis, parameters);
  const source = readCsv("cells.csv", csv.join("\n"));
  const choice = chooseColumns(analysis, given, source.columns);
  const rows = await source.read(choice.readings, () => undefined);
  const task = { parameters: given, choice, rows, tables: {}, threads: 1 };
  const computed = compute(analysis, task, () => undefined);
  return { table: tableOf(computed, task), summary: computed.summary };
}

const byCells = (more = {}): object => ({ value: "v", permutations: 99, weights: { type: "cells", k: 2, ...more } });

describe("weights by cells", () => {
  it("need no places, and take the column h3, quadbin, the one that is named, or the ids", async () => {
    const { weights } = cellWeights(cells, { k: 2 });
    const expected = getisOrdLocal(Float64Array.from(values), transform(weights, "B"), {
      star: true,
      permutations: 99,
    });
    const lines = (of: (id: string, i: number) => string): string[] =>
      cells.map((id, i) => `${of(id, i)},${values[i]}`);
    const number = (i: number): string => String(100 + i);
    const tables: [header: string, rows: string[], more: object][] = [
      ["id,v", lines((id) => id), {}],
      ["id,h3,v", lines((id, i) => `${number(i)},${id}`), {}],
      ["id,place,v", lines((id, i) => `${number(i)},${id}`), { cell: "place" }],
      ["id,h3,place,v", lines((id, i) => `${number(i)},none,${id}`), { cell: "place" }],
    ];
    for (const [header, rows, more] of tables) {
      const { table, summary } = await analyse("getis_ord_local", [header, ...rows], byCells(more));
      const { column } = table.columns.find((each) => each.name === "local_g")!;
      assert.deepEqual((column as { values: Float64Array }).values, expected.localG, header);
      assert.equal((summary.weights as { pairs: number }).pairs, weights.neighbors.length);
      assert.match(summary.warnings.join(), /^30 cells that touch those of the column "\w+" have no row/);
    }
  });

  it("use rows without a place, and none without a cell", async () => {
    const rows = cells.map((id, i) => `${100 + i},${i === 5 ? "" : id},${i === 7 ? "" : 1},${values[i]}`);
    const { table, summary } = await analyse("getis_ord_local", ["id,h3,x,v", ...rows], byCells());
    assert.deepEqual(summary.rows, { read: 61, used: 60, undefined: 1 });
    const cluster = table.columns.find(({ name }) => name === "cluster")!.column;
    assert.equal(cell(cluster, 5), "undefined");
    const placed = await analyse(
      "getis_ord_local",
      ["id,h3,x,y,v", ...rows.map((row) => row.replace(/,(\d*)$/, ",2,$1"))],
      { ...byCells(), x: "x", y: "y" },
    );
    assert.deepEqual(placed.summary.rows, summary.rows);
  });

  it("go together with others, which need places, and make groups", async () => {
    const rows = cells.map((id, i) => `${100 + i},${id},${i % 9},${Math.floor(i / 9)},${values[i]},${i % 2}`);
    const both = { type: "union", of: [{ type: "cells" }, { type: "knn", k: 2 }] };
    const header = "id,h3,x,y,v,g";
    const { summary } = await analyse("moran", [header, ...rows], { x: "x", y: "y", value: "v", weights: both });
    assert.match(summary.warnings.join(), /cells that touch/);
    await assert.rejects(
      () => analyse("moran", [header, ...rows], { value: "v", weights: both }),
      failure("MISSING_COLUMN", /no column has the places/),
    );
    const twice = rows.map((row, i) => row.replace(cells[i]!, cells[i - (i % 2)]!));
    await assert.rejects(
      () => analyse("moran", [header, ...twice], { value: "v", weights: { type: "cells" } }),
      failure("INVALID_WEIGHTS", /the column "h3" has cells more than once/),
    );
    const grouped = await analyse("moran", [header, ...twice], { value: "v", weights: { type: "cells" }, by: ["g"] });
    assert.equal((grouped.summary.groups as { failed: number }).failed, 0);
  });

  it("say what is no cell", async () => {
    const lines = cells.map((_, i) => `${i},${values[i]}`);
    await assert.rejects(
      () => analyse("moran", ["id,v", ...lines], { value: "v", weights: { type: "cells" } }),
      failure("INVALID_WEIGHTS", /the column "id" has ids that are no cells of H3 or quadbin: 0, 1, 2, 3, 4, \.\.\./),
    );
  });

  describe("in a database", () => {
    let db: TestDatabase;
    let stop: () => Promise<void>;
    before(async () => {
      db = await createDatabase();
      stop = await db.startWorker();
      const rows = cells.map((id, i) => `(${i + 1}, '${id}', ${values[i]})`).join(", ");
      await db.analyst.query(
        `CREATE TABLE cells AS SELECT id, h3, v, ('x' || lpad(h3, 16, '0'))::bit(64)::bigint AS number
           FROM (VALUES ${rows}) t (id, h3, v)`,
      );
    });
    after(async () => {
      await stop();
      await db.close();
    });

    it("are the same by text, bigint and numeric", async () => {
      const results = [];
      for (const [i, column] of ["h3", "number", "number::numeric AS quadbin"].entries()) {
        const query = `SELECT id, v, ${column} FROM cells`;
        const cell = column === "number" ? { cell: "number" } : {};
        const done = await run(db.analyst, "getis_ord_local", query, byCells(cell), `result_${i}`);
        assert.equal(done.state, "ready", done.error_message ?? "");
        results.push((await db.analyst.query(`SELECT * FROM result_${i} ORDER BY id`)).rows);
      }
      assert.deepEqual(results[1], results[0]);
      assert.deepEqual(results[2], results[0]);
    });

    it("are checked when the job is asked for", async () => {
      const refused = (query: string, weights: object, what: RegExp): Promise<void> =>
        assert.rejects(ask(db.analyst, "moran", query, { value: "v", weights }, "never"), what);
      const type = "cells";
      await refused("SELECT id, v FROM cells", { type, cell: "h3" }, /MISSING_COLUMN: there is no column "h3", which/);
      await refused(
        "SELECT id, v, true AS h3 FROM cells",
        { type },
        /WRONG_COLUMN_TYPE: .* weights.cell needs text, big/,
      );
      await refused("SELECT id, v, h3 FROM cells", { type: "queen" }, /MISSING_COLUMN: no column has the places/);
      await refused("SELECT id, v, h3 FROM cells", { type, decay: "none" }, /INVALID_PARAMETER/);
    });
  });
});
