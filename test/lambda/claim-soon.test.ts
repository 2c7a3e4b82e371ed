import assert from "node:assert/strict";
import { claimSoon } from "#dist/lambda/claim-soon.js";
import { linkTo, type Link } from "#dist/queue/link.js";
import { queue, type Queue } from "#dist/queue/queue.js";
import { ask } from "../support/jobs.js";
import { createDatabase, roles, type TestDatabase } from "../support/server.js";

describe("a function that claims the job of its event", () => {
  let db: TestDatabase;
  let link: Link;
  let jobs: Queue;
  before(async () => {
    db = await createDatabase();
    await db.install({ engines: ["lambda"] });
    link = linkTo(db.url(roles.worker), 30_000, () => {});
    jobs = queue(link);
  });
  after(async () => {
    await link.end();
    await db.close();
  });

  const claim = (from: Pick<Queue, "claim" | "jobState">, job: string): ReturnType<typeof claimSoon> =>
    claimSoon(from, job, "function", [roles.analyst], 30_000);
  const asking = (): Promise<string> =>
    ask(db.analyst, "kmeans", "SELECT 1 AS id, 1.0 AS x, 1.0 AS y", { k: 1, x: "x", y: "y" });

  it("has it where it is committed between the two looks", async () => {
    await db.analyst.query("BEGIN");
    const job = await asking();
    let looks = 0;
    const claimed = await claim(
      {
        async claim(...of) {
          const found = await jobs.claim(...of);
          if (looks++ === 0) await db.analyst.query("COMMIT");
          return found;
        },
        jobState: (id) => jobs.jobState(id),
      },
      job,
    );
    assert.equal(claimed?.job, job);
    assert.equal(looks, 2);
  });

  it("leaves it alone where another has claimed it", async () => {
    const job = await asking();
    assert.equal((await claim(jobs, job))?.job, job);
    assert.equal(await claim(jobs, job), undefined);
  });

  it("gives up a job that does not appear", async () => {
    assert.equal(await claim(jobs, "00000000-0000-4000-8000-000000000000"), undefined);
  });
});
