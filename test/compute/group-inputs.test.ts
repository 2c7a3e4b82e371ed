import assert from "node:assert/strict";
import { findAnalysis } from "#dist/analyses/index.js";
import { checkParameters } from "#dist/analyses/check-parameters.js";
import { inputsOf } from "#dist/compute/group-inputs.js";
import { groupsOf } from "#dist/compute/groups.js";
import { readFor, type Task } from "#dist/compute/read-table.js";
import type { Running } from "#dist/compute/group-inputs.js";
import { tasksOf, usableRowsOf } from "#dist/compute/variables.js";
import { readCsv } from "#dist/files/csv.js";
import { chooseColumns } from "#dist/job/choose-columns.js";
import type { Weights } from "#dist/weights/weights.js";

/** Nine places at three times, of which the last has one of them elsewhere; v is there always, w not at one place. */
const rows = Array.from({ length: 27 }, (_, row) => {
  const [time, place] = [Math.floor(row / 9), row % 9];
  const x = time === 2 && place === 0 ? 10 : place;
  return `${row},${time},${x},${(place * place) % 5},${row},${row === 4 ? "" : row},${Number(row % 7 < 3)},${27 - row}`;
});

async function runningOf(parameters: object): Promise<Running> {
  const analysis = findAnalysis("moran");
  const source = readCsv("rows", ["id,time,x,y,v,w,side,u", ...rows].join("\n"));
  const given = checkParameters(analysis, { x: "x", y: "y", weights: { type: "knn", k: 2 }, ...parameters });
  const choice = chooseColumns(analysis, given, source.columns);
  const read = await source.read(choice.readings, () => {});
  const task: Task = { parameters: given, choice, rows: read, tables: {}, threads: 1 };
  const tasks = tasksOf(analysis, task);
  const groups = groupsOf(readFor(task, "by"), usableRowsOf(analysis, tasks), 27, given.values as string[] | undefined);
  return { analysis, task, tasks, groups, pairs: {}, further: {} };
}

const weightsOf = (running: Running): Weights[] =>
  Array.from(
    { length: running.groups.count },
    (_, group) => inputsOf(running, group, () => {}).values.weights as Weights,
  );

describe("what inputs make of a group", () => {
  it("is kept for the variables that can use the same rows, but for the value", async () => {
    const running = await runningOf({ values: ["v", "u", "w"] });
    const [v, u] = [0, 1].map((group) => inputsOf(running, group, () => {}).values);
    assert.equal(u!.weights, v!.weights);
    assert.deepEqual([(v!.value as Float64Array)[3], (u!.value as Float64Array)[3]], [3, 24]);
    const w = inputsOf(running, 2, () => {}).values;
    assert.equal((w.weights as Weights).n, 26);
    assert.equal((w.value as Float64Array).length, 26);
  });

  it("is the same weights where places come again, as at another time, and not where one is elsewhere", async () => {
    const [first, second, third] = weightsOf(await runningOf({ value: "v", by: ["time"] }));
    assert.equal(second, first);
    assert.notEqual(third, first);
    assert.notDeepEqual(third!.neighbors, first!.neighbors);
  });

  it("is other weights where these are made of more than places", async () => {
    const weights = { type: "block", column: "side" };
    const [first, second] = weightsOf(await runningOf({ value: "v", by: ["time"], weights }));
    assert.notEqual(second, first);
    assert.notDeepEqual(second!.neighbors, first!.neighbors);
  });
});
