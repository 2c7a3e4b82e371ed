import assert from "node:assert/strict";
import type pg from "pg";
import { startServer, type Server } from "#dist/demo/server.js";
import { ask, ended, run, status, until } from "../support/jobs.js";
import { assertNothingLeft } from "../support/leftovers.js";
import { startProxy, type Fault, type Proxy } from "../support/proxy.js";
import { createDatabase, createRoles, roles, type TestDatabase } from "../support/server.js";

const ROWS = 60_000;
const query = `SELECT *, CASE WHEN id % 600 = 0 THEN pg_sleep(0.005)::text END AS slow FROM t`;
const params = { value: "v", x: "x", y: "y", include: ["slow"], inference: "permutation", permutations: 999_999 };
const digest = (table: string): string => `SELECT md5(string_agg(r::text, ',' ORDER BY id)) FROM ${table} r`;

/** Connections of a job's that the worker knows by the time a phase is at work: one that reads, and one that writes. */
const connections = (phase: string): number => (phase === "write" ? 2 : 1);

/** Asks for jobs until one is seen at work in a phase; phases are short, and what is seen of them is some time old. */
async function askUntilIn(phase: string, db: TestDatabase, target: string): Promise<{ job: string; table: string }> {
  for (let i = 0; ; i++) {
    const table = `${target}_${i}`;
    const job = await ask(db.analyst, "moran_local", query, params, table);
    for (;;) {
      const now = await status(db.analyst, job);
      if (now.phase === phase && (await noted(db.admin, job)) === connections(phase)) return { job, table };
      if (ended(now)) break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.ok(i < 20, `no job was seen in the phase ${phase}`);
  }
}

async function noted(admin: pg.Client, job: string): Promise<number> {
  const { rows } = await admin.query<{ count: number }>(
    "SELECT count(*)::int FROM driveshaft.backends WHERE job = $1",
    [job],
  );
  return rows[0]!.count;
}

async function fill(db: TestDatabase): Promise<void> {
  await db.analyst.query(
    `CREATE TABLE t AS SELECT g::bigint AS id, random() AS x, random() AS y, random() AS v FROM generate_series(1, ${ROWS}) g`,
  );
}

/** The phases in which the database, the computing thread, and the database again are at work. */
const phases = ["read", "permutations", "write"];

describe("a network that fails", () => {
  let db: TestDatabase;
  let proxy: Proxy;
  let stop: () => Promise<void>;
  let expected: string;
  before(async () => {
    db = await createDatabase();
    await fill(db);
    proxy = await startProxy(db.url());
    stop = await db.startWorker({
      database: proxy.through(db.url(roles.worker)),
      connections: () => Promise.resolve({ [roles.analyst]: proxy.through(db.url(roles.analyst)) }),
      leaseMs: 2000,
    });
    await run(db.analyst, "moran_local", query, params, "sound");
    expected = (await db.analyst.query<{ md5: string }>(digest("sound"))).rows[0]!.md5;
  });
  after(async () => {
    await stop();
    await proxy.close();
    await db.close();
  });

  for (const fault of ["reset", "stall", "half-open", "slow"] as Fault[]) {
    for (const phase of phases) {
      it(`(${fault}) while a job is in the phase ${phase} does it no harm`, async () => {
        const { job, table } = await askUntilIn(phase, db, `${fault.replace("-", "_")}_${phase}`);
        proxy.fail(fault);
        const { state, error_message } = await until(db.analyst, job, ended);
        assert.equal(state, "ready", error_message ?? "");
        assert.equal((await db.analyst.query<{ md5: string }>(digest(table))).rows[0]!.md5, expected);
        await assertNothingLeft(db.admin);
      });
    }
  }
});

describe("a server that is restarted", () => {
  let server: Server;
  before(async () => {
    server = await startServer();
    await createRoles(server);
  });
  after(() => server.stop());

  for (const signal of ["SIGINT", "SIGQUIT"] as const) {
    for (const phase of phases) {
      it(`(${signal === "SIGINT" ? "in order" : "by a crash"}) while a job is in the phase ${phase} does it no harm`, async () => {
        let db = await createDatabase(server);
        await fill(db);
        const stop = await db.startWorker({ leaseMs: 2000 });
        try {
          await run(db.analyst, "moran_local", query, params, "sound");
          const { job, table } = await askUntilIn(phase, db, "harmed");
          await server.restart(signal);
          db = await db.reopen();
          const { state, error_message } = await until(db.analyst, job, ended);
          assert.equal(state, "ready", error_message ?? "");
          const { rows } = await db.analyst.query(`SELECT (${digest("sound")}) = (${digest(table)}) AS same`);
          assert.deepEqual(rows, [{ same: true }]);
          await assertNothingLeft(db.admin);
        } finally {
          await stop();
          await db.close();
        }
      });
    }
  }
});
