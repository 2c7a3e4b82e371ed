import assert from "node:assert/strict";
import type pg from "pg";
import { PROTOCOL } from "#dist/queue/queue.js";
import { ask } from "../support/jobs.js";
import { createDatabase, roles, type TestDatabase } from "../support/server.js";

describe("the turns of roles", () => {
  let db: TestDatabase;
  let worker: pg.Client;
  let other: pg.Client;
  const params = { k: 2, x: "x", y: "y" };
  const query = "SELECT 1 AS id, 1.0 AS x, 1.0 AS y";
  beforeEach(async () => {
    db = await createDatabase();
    worker = await db.open(roles.worker);
    other = await db.open(roles.other);
  });
  afterEach(async () => {
    await worker.end();
    await other.end();
    await db.close();
  });

  const many = async (client: pg.Client, count: number): Promise<string[]> => {
    const jobs = [];
    for (let i = 0; i < count; i++) jobs.push(await ask(client, "kmeans", query, params));
    return jobs;
  };
  interface Taken {
    job: string;
    token: string;
    requester: string;
  }
  async function claim(): Promise<Taken> {
    const text = "SELECT job, token, requester FROM driveshaft.claim($1, 'test', '{analyst,other}', '1 h')";
    return (await worker.query<Taken>(text, [PROTOCOL])).rows[0]!;
  }
  const end = ({ job, token }: Taken): Promise<unknown> =>
    worker.query("SELECT driveshaft.fail($1, $2, 'INTERNAL', '', NULL, NULL)", [job, token]);

  it("alternate on one worker, however many jobs one of them asked for before; each role's jobs go by age", async () => {
    const first = await many(db.analyst, 20);
    const second = await many(other, 3);
    const taken: Taken[] = [];
    for (let i = 0; i < 8; i++) {
      taken.push(await claim());
      await end(taken.at(-1));
    }
    assert.deepEqual(
      taken.map(({ requester }) => requester),
      ["analyst", "other", "analyst", "other", "analyst", "other", "analyst", "analyst"],
    );
    const jobsOf = (role: string): string[] =>
      taken.filter(({ requester }) => requester === role).map(({ job }) => job);
    assert.deepEqual(jobsOf("analyst"), first.slice(0, 5));
    assert.deepEqual(jobsOf("other"), second);
  });

  it("share the workers: who has fewer running is next", async () => {
    await many(db.analyst, 4);
    const running = [await claim(), await claim(), await claim()];
    await many(other, 3);
    const next = [await claim(), await claim(), await claim(), await claim()];
    assert.deepEqual(
      [...running, ...next].map(({ requester }) => requester),
      ["analyst", "analyst", "analyst", "other", "other", "other", "analyst"],
    );
  });

  it("pass a role whose jobs are not due", async () => {
    await many(db.analyst, 1);
    const { job, token } = await claim();
    await worker.query("SELECT driveshaft.fail($1, $2, 'CONNECTION_FAILED', '', NULL, '1 h')", [job, token]);
    await many(other, 2);
    assert.deepEqual([(await claim()).requester, (await claim()).requester], ["other", "other"]);
    assert.equal(await claim(), undefined);
  });

  describe("at functions", () => {
    const lambda = { ...params, engine: "lambda" };
    beforeEach(() => db.install({ engines: ["worker", "lambda"] }));
    async function dispatch(most: number): Promise<Taken[]> {
      const text = "SELECT * FROM driveshaft.dispatch($1, 'test', '{lambda}', $2, '1 h')";
      return (await worker.query<Taken>(text, [PROTOCOL, most])).rows;
    }

    it("let none wait for the 1,000 jobs of another; each role's jobs go by age", async () => {
      const text = "SELECT cdb_run_analysis('kmeans', $1, $2) AS job FROM generate_series(1, 1000)";
      const { rows } = await db.analyst.query<{ job: string }>(text, [query, lambda]);
      const first = await ask(other, "kmeans", query, lambda);
      const sent = (await dispatch(4)).map(({ job }) => job);
      assert.deepEqual(sent.sort(), [first, ...rows.slice(0, 3).map(({ job }) => job)].sort());
    });

    it("go to who has the fewest in flight, also where room comes for one at a time", async () => {
      for (let i = 0; i < 5; i++) await ask(db.analyst, "kmeans", query, lambda);
      const taken = (await dispatch(3)).map(({ requester }) => requester);
      for (let i = 0; i < 5; i++) await ask(other, "kmeans", query, lambda);
      for (let most = 4; most <= 10; most++) taken.push(...(await dispatch(most)).map(({ requester }) => requester));
      assert.deepEqual(taken.slice(0, 6), ["analyst", "analyst", "analyst", "other", "other", "other"]);
      assert.deepEqual(taken.slice(6, 8).sort(), ["analyst", "other"]);
      assert.deepEqual(taken.slice(8).sort(), ["analyst", "other"]);
    });
  });
});
