import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { run, type Status } from "../support/jobs.js";
import { createDatabase, type TestDatabase } from "../support/server.js";
import { spawnWorker } from "../support/workers.js";

describe("the memory limit of a job", () => {
  let db: TestDatabase;
  let worker: ChildProcess;
  const moran = (rows: number, more: object): Promise<Status> =>
    run(
      db.analyst,
      "moran_local",
      `SELECT g AS id, g % 1000 AS x, g / 1000 AS y, g % 1009 AS v, repeat('x', 1200) AS pad FROM generate_series(1, ${rows}) g`,
      { value: "v", x: "x", y: "y", permutations: 99, weights: { type: "knn", k: 4 }, ...more },
    );

  before(async () => {
    db = await createDatabase();
    // a process of its own: this one holds what the tests before left
    worker = spawnWorker(db, { lease: 10 });
  });
  after(async () => {
    worker.kill("SIGTERM");
    await once(worker, "exit");
    await db.close();
  });

  it("counts what the job adds, so that a small one runs in 64 MB, the first of its worker too", async () => {
    assert.equal((await moran(200, { memory_limit: 64 })).error_message, null);
  });

  it("does not count what a large job left before", async () => {
    assert.equal((await moran(250_000, { include: ["pad"] })).error_message, null);
    for (let job = 0; job < 7; job++) assert.equal((await moran(200, { memory_limit: 256 })).error_message, null);
  });

  it("still ends a job after others that were larger", async () => {
    const { error_code, error_message } = await moran(250_000, { include: ["pad"], memory_limit: 128 });
    assert.deepEqual([error_code, error_message], ["OUT_OF_MEMORY", "the job took more than 128 MB of memory"]);
  });
});
