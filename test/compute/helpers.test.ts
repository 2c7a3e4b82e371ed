import assert from "node:assert/strict";
import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import { checkParameters } from "#dist/analyses/check-parameters.js";
import type { Analysis } from "#dist/analyses/analysis.js";
import { findAnalysis } from "#dist/analyses/index.js";
import { compute, type Computed } from "#dist/compute/compute.js";
import { help, helpersBy, type Call } from "#dist/compute/helpers.js";
import { computeInThread } from "#dist/compute/in-thread.js";
import type { Task } from "#dist/compute/read-table.js";
import { buildGeometry } from "#dist/geometry/geometry.js";
import { chooseColumns } from "#dist/job/choose-columns.js";
import type { Report } from "#dist/job/progress.js";
import type { Reading } from "#dist/job/source.js";
import { dismissSpares } from "#dist/spare.js";
import type { Column } from "#dist/table/column.js";
import { textIds } from "../support/analyse.js";
import { failure } from "../support/assertions.js";
import { generator } from "../support/random.js";

/** In another order than the rows. */
const idsOf = (n: number): string[] => Array.from({ length: n }, (_, row) => `r${(row * 7919) % n}`);

/** Rows in groups of 3 to 60, of which one in twelve has values that are all the same. */
function taskOf(name: string, groups: number, parameters: object): Task {
  const random = generator(groups);
  const of = Array.from({ length: groups }, (_, group) => new Array<number>(3 + ((group * 7) % 58)).fill(group)).flat();
  const n = of.length;
  const columnOf = ({ as }: Reading): Column => {
    if (as === "id") return textIds(idsOf(n));
    if (as === "raw") return textIds(of.map((group) => `g${group}`));
    if (as === "number")
      return { type: "float8", values: Float64Array.from(of, (group) => (group % 12 ? random() : 1)) };
    const places = buildGeometry();
    of.forEach(() => places.point(random(), random()));
    return { type: "geometry", geometry: places.take(), srid: 0, geography: false };
  };
  const analysis = findAnalysis(name);
  const columns = ["id", "x", "y", "v", "w", "u", "g"].map((column) => ({ name: column, type: "text" }));
  const checked = checkParameters(analysis, { x: "x", y: "y", by: ["g"], ...parameters });
  const choice = chooseColumns(analysis, checked, columns);
  return { parameters: checked, choice, rows: { n, columns: choice.readings.map(columnOf) }, tables: {}, threads: 1 };
}

/** The same with weights by pairs: of each row the next three and the row before. */
function withPairs(task: Task): Task {
  const ids = idsOf(task.rows.n);
  const pairs = ids.flatMap((focal, row) =>
    [1, 2, 3, -1].flatMap((step) => (ids[row + step] ? [[focal, ids[row + step]!]] : [])),
  );
  const columns = [0, 1].map((end) => textIds(pairs.map((pair) => pair[end]!)));
  const choice = { readings: [], id: undefined, parameters: [], names: [] };
  return { ...task, tables: { weights: { choice, rows: { n: pairs.length, columns } } } };
}

const alone = (name: string, task: Task): Computed => compute(findAnalysis(name), task, () => {});

/** Computes with helpers that run in this thread as soon as they are called: what is left goes to the first. */
function withHelp(name: string, task: Task, find = findAnalysis, report: Report = () => {}): Computed {
  const call = (calls: Call[]): void => calls.forEach((each) => help(each, find));
  return compute(findAnalysis(name), task, report, helpersBy(3, 0, call));
}

describe("groups on several threads", () => {
  const drawn = { inference: "permutation", permutations: 99 };
  const cases: [what: string, name: string, parameters: object][] = [
    ["each row", "moran_local", { value: "v", ...drawn }],
    ["some rows", "moran_local", { value: "v", ...drawn, only: "significant", significance: 0.2 }],
    ["one row a group", "moran", { value: "v", permutations: 99 }],
    ["several rows a group", "weights", {}],
    ["polygons", "hulls", {}],
    ["each row of several variables", "moran_local", { values: ["v", "w", "u"], ...drawn }],
    ["one row a group and variable", "moran", { values: ["v", "w", "u"], permutations: 99 }],
  ];
  for (const [what, name, parameters] of cases) {
    it(`have the result and the summary that one thread has, of ${what}`, () => {
      const task = taskOf(name, 40, parameters);
      assert.deepEqual(withHelp(name, task), alone(name, task));
    });
  }

  it("have the pairs of weights that are given", () => {
    const task = withPairs(taskOf("moran_local", 40, { value: "v", ...drawn }));
    const one = alone("moran_local", task);
    assert.deepEqual(withHelp("moran_local", task), one);
    assert.notDeepEqual(one.columns, alone("moran_local", { ...task, tables: {} }).columns);
  });

  it("tell the progress of all threads, never backwards", () => {
    const shares: number[] = [];
    withHelp("moran", taskOf("moran", 40, { value: "v" }), findAnalysis, (_, share) => shares.push(share));
    assert.deepEqual(
      shares,
      shares.toSorted((a, b) => a - b),
    );
    assert.equal(shares.at(-1), 1);
  });

  it("fail with what a helper failed with, where that is not to do with a group", () => {
    const defect = (name: string): Analysis => ({
      ...findAnalysis(name),
      run() {
        throw new Error("a defect");
      },
    });
    const task = taskOf("moran", 40, { value: "v" });
    assert.throws(() => withHelp("moran", task, defect), failure("INTERNAL", /a defect/));
  });

  it("run in threads, and in as many as there may be", async () => {
    const parameters = { value: "v", ...drawn, permutations: 9999 };
    const expected = alone("moran_local", taskOf("moran_local", 60, parameters));
    for (const threads of [1, 2, 4]) {
      const task = { ...taskOf("moran_local", 60, parameters), threads };
      const computed = await computeInThread({ analysis: "moran_local", task, start: 0 }, () => {});
      assert.deepEqual(computed, expected, `${threads} threads`);
    }
  });

  it("end with the job when it is cut off, wherever they are", async () => {
    await dismissSpares();
    const ends: Promise<unknown>[] = [];
    const note = (worker: Worker): unknown => ends.push(once(worker, "exit"));
    process.on("worker", note);
    const cut = new AbortController();
    const task = {
      ...taskOf("moran_local", 60, { value: "v", permutations: 99_999, draws: "independent" }),
      threads: 3,
    };
    const computing = computeInThread(
      { analysis: "moran_local", task, start: 0 },
      () => {
        if (ends.length === 3) cut.abort(new Error("cut off"));
      },
      cut.signal,
    );
    await assert.rejects(computing, /cut off/);
    process.off("worker", note);
    await Promise.all(ends);
  });
});
