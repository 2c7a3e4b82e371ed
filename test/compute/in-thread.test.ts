import assert from "node:assert/strict";
import { moranLocalAnalysis } from "#dist/analyses/moran_local.js";
import { weightsAnalysis } from "#dist/analyses/weights.js";
import type { Table } from "#dist/table/columns.js";
import { buildGeometry } from "#dist/geometry/geometry.js";
import { buildIds, idText, type Ids } from "#dist/table/raw.js";
import { runJob, type Source } from "#dist/job/job.js";
import { failure } from "../support/assertions.js";

const idsOf = (texts: string[]): Ids => {
  const builder = buildIds();
  for (const text of texts) builder.push(Buffer.from(text));
  return { type: "text", encoding: "text", ...builder.take() };
};
const names = ["a", "b", "c", "d"];

/** Four points on a line, with values. */
const source: Source = {
  columns: ["id", "x", "y", "v"].map((name) => ({ name, type: "text" })),
  read() {
    const geometry = buildGeometry();
    names.forEach((_, i) => geometry.point(i, 0));
    return Promise.resolve({
      n: names.length,
      ids: idsOf(names),
      geometry: geometry.take(),
      geography: false,
      srid: 0,
      values: { value: Float64Array.of(1, 2, 4, 8) },
      labels: {},
    });
  },
};

describe("a computation in a thread of its own", () => {
  const pairs = { focal: idsOf(["a", "b", "c"]), neighbor: idsOf(["b", "c", "d"]), weights: Float64Array.of(1, 2, 3) };
  const place = { x: "x", y: "y" };

  it("is given the pairs of weights as they came, by moving them, and looks for their rows itself", async () => {
    let table: Table | undefined;
    const sink = {
      write(written: Table) {
        table = written;
        return Promise.resolve();
      },
    };
    await runJob({ analysis: weightsAnalysis, parameters: place, weights: pairs }, source, sink);
    assert.deepEqual(
      [pairs.focal.bytes, pairs.neighbor.offsets, pairs.weights].map((array) => array.byteLength),
      [0, 0, 0],
    );
    const focal = table!.ids!.ids;
    assert.deepEqual(
      [0, 1, 2].map((pair) => idText(focal, pair)),
      ["a", "b", "c"],
    );
  });

  it("says which ids of the pairs no row has", async () => {
    const weights = { focal: idsOf(["a"]), neighbor: idsOf(["z"]), weights: Float64Array.of(1) };
    const parameters = { ...place, value: "v", permutations: 9 };
    await assert.rejects(
      runJob({ analysis: moranLocalAnalysis, parameters, weights }, source, { write: () => Promise.resolve() }),
      failure("INVALID_WEIGHTS", /name 1 id that no row has: z/),
    );
  });
});
