import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { moranLocalAnalysis } from "#dist/analyses/moran_local.js";
import { weightsAnalysis } from "#dist/analyses/weights.js";
import { buildGeometry } from "#dist/geometry/geometry.js";
import { runJob } from "#dist/job/job.js";
import type { Reading, Source } from "#dist/job/source.js";
import { cell, type Column } from "#dist/table/column.js";
import type { Table } from "#dist/table/table.js";
import { textIds } from "../support/analyse.js";
import { failure } from "../support/assertions.js";

/** In a process of its own, some small jobs one after the other; then the number of threads that were started. */
const smallJobs = `
  const { Worker } = require("node:worker_threads");
  async function run() {
    const { moranLocalAnalysis: analysis } = await import("${import.meta.resolve("#dist/analyses/moran_local.js")}");
    const { readCsv } = await import("${import.meta.resolve("#dist/files/csv.js")}");
    const { runJob } = await import("${import.meta.resolve("#dist/job/job.js")}");
    const { within } = await import("${import.meta.resolve("#dist/job/limits.js")}");
    const rows = Array.from({ length: 5000 }, (_, i) => [i, (i * 7) % 130, (i * 11) % 170, Math.sin(i)].join(","));
    const source = readCsv("points", ["id,x,y,v", ...rows].join("\\n"));
    const parameters = { value: "v", x: "x", y: "y" };
    const sink = { write: async () => [] };
    for (let job = 0; job < 3; job++) await within({}, undefined, () => runJob({ analysis, parameters }, source, sink));
    console.log(new Worker("", { eval: true }).threadId - 1);
  }
  void run();
`;

const names = ["a", "b", "c", "d"];

function columnOf({ as }: Reading): Column {
  if (as === "id") return textIds(names);
  if (as === "number") return { type: "float8", values: Float64Array.of(1, 2, 4, 8) };
  const geometry = buildGeometry();
  names.forEach((_, i) => geometry.point(i, 0));
  return { type: "geometry", geometry: geometry.take(), srid: 0, geography: false };
}

/** Four points on a line, with values. */
const source: Source = {
  columns: ["id", "x", "y", "v"].map((name) => ({ name, type: "text" })),
  read: (readings) => Promise.resolve({ n: names.length, columns: readings.map(columnOf) }),
};

describe("a computation in a thread of its own", () => {
  it("leaves the thread and its kernels to the small jobs that follow", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ["--eval", smallJobs]);
    assert.equal(stdout, "1\n");
  });

  const pairs = {
    focal: textIds(["a", "b", "c"]),
    neighbor: textIds(["b", "c", "d"]),
    weights: Float64Array.of(1, 2, 3),
  };
  const place = { x: "x", y: "y" };

  it("is given the pairs of weights as they came, by moving them, and looks for their rows itself", async () => {
    let table: Table | undefined;
    const sink = {
      write(written: Table) {
        table = written;
        return Promise.resolve(["as the sink says"]);
      },
    };
    const { warnings } = await runJob({ analysis: weightsAnalysis, parameters: place, weights: pairs }, source, sink);
    assert.equal(warnings.at(-1), "as the sink says");
    assert.deepEqual(
      [pairs.focal.bytes, pairs.neighbor.offsets, pairs.weights].map((array) => array.byteLength),
      [0, 0, 0],
    );
    assert.deepEqual(
      table!.columns.map(({ name, column }) => [name, ...[0, 1, 2].map((pair) => cell(column, pair))]),
      [
        ["focal", "a", "b", "c"],
        ["neighbor", "b", "c", "d"],
        ["weight", 1, 2, 3],
      ],
    );
    assert.deepEqual(table!.key, ["focal", "neighbor"]);
  });

  it("says which ids of the pairs no row has", async () => {
    const weights = { focal: textIds(["a"]), neighbor: textIds(["z"]), weights: Float64Array.of(1) };
    const parameters = { ...place, value: "v", permutations: 9 };
    await assert.rejects(
      runJob({ analysis: moranLocalAnalysis, parameters, weights }, source, { write: () => Promise.resolve([]) }),
      failure("INVALID_WEIGHTS", /name 1 id that no row has: z/),
    );
  });
});
