import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { promisify } from "node:util";
import type pg from "pg";
import { startServer } from "#dist/demo/server.js";
import { ask, ended, run, until } from "../support/jobs.js";
import { createDatabase, createRoles, open, roles, type TestDatabase } from "../support/server.js";
import { cli, spawnWorker } from "../support/workers.js";

describe("a worker outlives", () => {
  let db: TestDatabase;
  const xy = { value: "v", x: "x", y: "y", permutations: 99 };
  const points = "SELECT g AS id, g % 5 + g / 1e3 AS x, g % 7 AS y, g * g % 11 AS v FROM generate_series(1, 30) g";
  before(async () => {
    db = await createDatabase();
  });
  after(() => db.close());

  /** The same worker, and no other, runs another job. */
  const assertWorks = async (on = db): Promise<void> =>
    assert.equal((await run(on.analyst, "moran_local", points, xy)).state, "ready");

  describe("what texts of users hold:", () => {
    const texts = [
      ["NUL", "\\u0000", "\\u0000"],
      ["half a character", "\\ud83d", "\\ud83d"],
      ["a line break", "a\\nb", "a\\nb"],
      ["a letter of another script", "\\u4e2d", "中"],
    ] as const;
    for (const encoding of ["UTF8", "LATIN1", "SQL_ASCII"]) {
      it(`in a GeoJSON, in a database of encoding ${encoding}`, async () => {
        const own = await createDatabase(undefined, encoding);
        const stop = await own.startWorker();
        try {
          for (const [what, escape, shown] of texts) {
            const query = `SELECT g AS id, g % 7 AS v, '{"type": "${escape}", "coordinates": [1, 2]}' AS geom FROM generate_series(1, 30) g`;
            const bad = await run(own.analyst, "moran_local", query, { value: "v" });
            assert.deepEqual([bad.state, bad.error_code], ["failed", "INVALID_GEOMETRY"], what);
            const kept = encoding === "LATIN1" && shown === "中" ? escape : shown;
            assert.ok(bad.error_message!.includes(kept), `${what}: ${bad.error_message}`);
            assert.doesNotMatch(bad.error_message!, /\p{Cc}/u);
          }
          await assertWorks(own);
        } finally {
          await stop();
          await own.close();
        }
      });
    }

    it("an error of 8 MB", async () => {
      const stop = await db.startWorker();
      await db.analyst.query(
        "CREATE FUNCTION shout() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING message = repeat('long ', 1600000), hint = repeat('hint ', 1600000); END $$",
      );
      const bad = await run(db.analyst, "moran_local", `${points} WHERE g < 0 OR shout() = 1`, xy);
      assert.match(bad.error_message!, /^the query fails: long long .*long {2}\(SQLSTATE P0001\)$/);
      assert.ok(bad.error_message!.length < 2100 && bad.error_hint!.length < 2100);
      await assertWorks();
      await stop();
    });

    it("a request with bytes that are no text, which is refused", async () => {
      for (const encoding of ["SQL_ASCII", "WIN1252"]) {
        const own = await createDatabase(undefined, encoding);
        const stop = await own.startWorker();
        try {
          await own.analyst.query(`SET client_encoding = '${encoding}'`);
          const asking = `cdb_run_analysis('moran_local', concat('${points} -- ', convert_from('\\x81', '${encoding}')), '${JSON.stringify(xy)}')`;
          await assert.rejects(own.analyst.query(`SELECT ${asking}`), /INVALID_QUERY: the request has a character/);
          await own.analyst.query("RESET client_encoding");
          await assertWorks(own);
        } finally {
          await stop();
          await own.close();
        }
      }
    });

    it("a role's name and an error that forge lines of its log", async () => {
      const forged = "2026-01-01T00:00:00.000Z forged";
      const role = `liar\n${forged}\u001b[2J`;
      await db.admin.query(
        `CREATE ROLE "${role}" LOGIN PASSWORD 'driveshaft'; GRANT CREATE ON SCHEMA public TO "${role}"`,
      );
      const worker = spawnWorker(db, { lease: 5, log: "pipe", requesters: [role] });
      let log = "";
      worker.stdout!.on("data", (chunk: Buffer) => (log += chunk.toString()));
      const liar = await open(db.url(role));
      try {
        await liar.query(
          `CREATE FUNCTION lie() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION E'lie\\n${forged}'; END $$`,
        );
        const bad = await run(liar, "moran_local", `${points} WHERE lie() = 1`, xy);
        assert.equal(bad.error_message, `the query fails: lie ${forged} (SQLSTATE P0001)`);
        while (!log.includes("QUERY_FAILED")) await once(worker.stdout!, "data");
        for (const line of log.trim().split("\n"))
          assert.match(line, /^\d{4}-[\d:.T-]+Z (worker|[0-9a-f-]{36}) [ -~]*$/);
      } finally {
        worker.kill("SIGKILL");
        await liar.end();
        await db.admin.query(`DROP OWNED BY "${role}"; DROP ROLE "${role}"`);
      }
    });
  });

  it("cancellations and terminations of its own statements", async () => {
    const stop = await db.startWorker();
    for (let i = 0; i < 20; i++) {
      const job = await ask(db.analyst, "moran_local", points, xy);
      for (let disturbed = 0; disturbed < 10; disturbed++) {
        await db.admin.query(
          `SELECT ${i % 4 === 3 ? "pg_terminate_backend" : "pg_cancel_backend"}(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = $1`,
          [roles.worker],
        );
      }
      assert.equal((await until(db.analyst, job, ended)).state, "ready");
    }
    await stop();
  });

  it("a queue that fails for a while, and says so; its own role's and database's settings do not matter", async () => {
    const name = (await db.admin.query<{ name: string }>("SELECT current_database() AS name")).rows[0]!.name;
    await db.admin.query(
      `ALTER ROLE ${roles.worker} IN DATABASE ${name} SET default_transaction_read_only = on; ALTER ROLE ${roles.worker} IN DATABASE ${name} SET statement_timeout = 1`,
    );
    const notices: string[] = [];
    const stop = await db.startWorker({ onNotice: (text) => notices.push(text) });
    await assertWorks();
    assert.deepEqual(notices, []);
    await db.admin.query("ALTER TABLE driveshaft.workers RENAME TO hidden");
    const job = await ask(db.analyst, "moran_local", points, xy);
    const said = /^something went wrong, trying again: the worker's queue fails: relation "driveshaft.workers"/;
    while (!notices.some((text) => said.test(text))) await new Promise((resolve) => setTimeout(resolve, 20));
    await db.admin.query("ALTER TABLE driveshaft.hidden RENAME TO workers");
    assert.equal((await until(db.analyst, job, ended)).state, "ready");
    await stop();
    await db.admin.query(`ALTER ROLE ${roles.worker} IN DATABASE ${name} RESET ALL`);
  });

  for (const [where, log] of [
    ["whose reader has gone", "pipe"],
    ["on a full disk", openSync("/dev/full", "w")],
  ] as const) {
    it(`a log ${where}`, async () => {
      const worker = spawnWorker(db, { lease: 5, log });
      worker.stdout?.destroy();
      await assertWorks();
      await assertWorks();
      assert.equal(worker.exitCode, null);
      worker.kill("SIGKILL");
      await once(worker, "exit");
    });
  }

  it("no waits that are set by mistake: it refuses them", async () => {
    for (const [option, given] of [
      ["poll", "1e10"],
      ["lease", "NaN"],
      ["retry", "-1"],
    ]) {
      const args = [cli, "worker", `--${option}=${given}`, "--database", db.url(roles.worker)];
      await assert.rejects(
        promisify(execFile)(process.execPath, args),
        /INVALID_PARAMETER: --\w+ is .*, expected seconds from/,
      );
    }
  });

  it("limits and waits longer than a timer can take", async () => {
    await db.admin.query("INSERT INTO driveshaft.limits (role, seconds) VALUES ('analyst', 2147483647)");
    const stop = await db.startWorker({ pollMs: 1e10 });
    const cpu = process.cpuUsage().user;
    await assertWorks();
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.ok(process.cpuUsage().user - cpu < 5e6);
    await stop();
    await db.admin.query("DELETE FROM driveshaft.limits WHERE role = 'analyst'");
  });

  it("a full queue of notifications; and requests are taken", async function () {
    const server = await startServer({ max_notify_queue_pages: "64", fsync: "off" }).catch(() => this.skip());
    await createRoles(server);
    const own = await createDatabase(server);
    const asleep: pg.Client = await open(own.url(roles.other));
    const stop = await own.startWorker({ pollMs: 200 });
    try {
      await asleep.query("LISTEN anything; BEGIN; SELECT 1");
      const noise = "SELECT pg_notify('noise', repeat('x', 7900) || g) FROM generate_series(1, 8) g";
      for (;;) if (!(await own.analyst.query(noise).catch(() => undefined))) break;
      await assert.rejects(own.analyst.query(noise), /too many notifications/);
      await assertWorks(own);
    } finally {
      await stop();
      await asleep.end();
      await own.close();
      await server.stop();
    }
  });
});
