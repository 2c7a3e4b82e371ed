import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { keepSessions, type Sessions } from "#dist/queue/sessions.js";
import { createRole } from "#dist/demo/server.js";
import type { Session } from "#dist/queue/requester.js";
import { run } from "../support/jobs.js";
import { createDatabase, roles, type TestDatabase } from "../support/server.js";

describe("sessions of requesters", () => {
  let db: TestDatabase;
  let sessions: Sessions;
  beforeEach(async () => {
    db = await createDatabase();
    sessions = keepSessions();
  });
  afterEach(async () => {
    await sessions.end();
    await db.close();
  });

  const take = (
    search_path = "public",
    requester = roles.analyst,
    signal = new AbortController().signal,
  ): Promise<Session> => sessions.take({ requester, url: db.url(requester), settings: { search_path } }, signal);
  async function backends(): Promise<number> {
    const { rows } = await db.admin.query<{ n: number }>(
      "SELECT count(*)::integer AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'driveshaft'",
    );
    return rows[0]!.n;
  }
  async function untilBackends(wanted: number): Promise<void> {
    while ((await backends()) !== wanted) await pause(20);
  }

  it("serve the next job of the same requester with the same settings, and nobody else", async () => {
    const first = await take();
    await sessions.giveBack(first);
    const other = await take("public", roles.other);
    const second = await take();
    const elsewhere = await take("pg_catalog");
    assert.equal(second.pid, first.pid);
    assert.equal(new Set([first.pid, other.pid, elsewhere.pid]).size, 3);
    for (const session of [other, elsewhere, second]) await sessions.giveBack(session);
  });

  it("know nothing of the job before: no setting, role, statement, lock, channel or table of its own", async () => {
    const first = await take();
    await first.client.query(`
      SET search_path = nowhere; SET TimeZone = 'Asia/Tokyo'; SET default_transaction_read_only = on;
      PREPARE p AS SELECT 1; SELECT pg_advisory_lock(7); LISTEN news; CREATE TEMP TABLE points ()`);
    const before = await db.admin.query<{ zone: string }>(
      "SELECT reset_val AS zone FROM pg_settings WHERE name = 'TimeZone'",
    );
    await sessions.giveBack(first);
    const { client, pid } = await take();
    assert.equal(pid, first.pid);
    const { rows } = await client.query(`
      SELECT current_setting('search_path') AS path, current_setting('TimeZone') AS zone, current_user::text AS role,
             current_setting('default_transaction_read_only') AS read_only,
             (SELECT count(*)::integer FROM pg_prepared_statements WHERE name = 'p') AS statements,
             (SELECT count(*)::integer FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks,
             (SELECT count(*)::integer FROM pg_listening_channels()) AS channels, to_regclass('pg_temp.points')::text AS points`);
    assert.deepEqual(rows, [
      {
        path: "public",
        zone: before.rows[0]!.zone,
        role: roles.analyst,
        read_only: "off",
        statements: 0,
        locks: 0,
        channels: 0,
        points: null,
      },
    ]);
    await sessions.dismiss({ client } as Session);
  });

  for (const [what, change] of [
    [
      "has got the name of another",
      (role: string) => `ALTER ROLE ${role} RENAME TO ${role}_renamed; ${createRole(role)}`,
    ],
    ["has got the name of one that was dropped", (role: string) => `DROP ROLE ${role}; ${createRole(role)}`],
    ["may not log in any more", (role: string) => `ALTER ROLE ${role} NOLOGIN`],
    ["has a password that has expired", (role: string) => `ALTER ROLE ${role} VALID UNTIL '2001-01-01'`],
    [
      "may not connect any more",
      () => "DO $$ BEGIN EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC', current_database()); END $$",
    ],
  ] as const) {
    it(`that wait serve no role that ${what}`, async () => {
      const role = "changing";
      await db.admin.query(createRole(role));
      try {
        const former = await take("public", role);
        await sessions.giveBack(former);
        await db.admin.query(change(role));
        const next = await take("public", role).catch((error: unknown) => error as { code: string });
        if ("code" in next) assert.equal(next.code, "CONNECTION_FAILED");
        else {
          assert.notEqual(next.pid, former.pid);
          await sessions.dismiss(next);
        }
      } finally {
        await db.admin.query(`DROP ROLE IF EXISTS ${role}, ${role}_renamed`);
      }
    });
  }

  it("make way for one with other settings, so that jobs with a search_path each take no more of them", async () => {
    const writing = await sessions.take(
      { requester: roles.analyst, url: db.url(roles.analyst), settings: { search_path: "public", lock_timeout: "1s" } },
      new AbortController().signal,
    );
    await sessions.giveBack(writing);
    for (let job = 0; job < 5; job++) {
      const reading = await take(`public, s${job}`);
      assert.equal(await backends(), 2);
      await sessions.giveBack(reading);
    }
  });

  it("have the search_path that was asked for, whatever characters its names have", async () => {
    const path = 'public, "a\tb", "c\n\\d e"';
    const { client } = await take(path);
    assert.deepEqual((await client.query("SELECT current_setting('search_path') AS path")).rows, [{ path }]);
    await client.end();
  });

  it("end when no job has come for a moment", async () => {
    await sessions.giveBack(await take());
    assert.equal(await backends(), 1);
    await untilBackends(0);
  });

  it("are opened anew where the server has ended those that wait", async () => {
    const first = await take();
    await sessions.giveBack(first);
    const ended = new Promise((resolve) => first.client.once("end", resolve));
    await db.admin.query("SELECT pg_terminate_backend($1)", [first.pid]);
    await ended;
    const second = await take();
    assert.notEqual(second.pid, first.pid);
    assert.equal((await second.client.query("SELECT 1")).rowCount, 1);
    await sessions.dismiss(second);
  });

  it("are cut off by the signal of the job that has them, not by that of one before", async () => {
    const [former, present] = [new AbortController(), new AbortController()];
    await sessions.giveBack(await take("public", roles.analyst, former.signal));
    const { client } = await take("public", roles.analyst, present.signal);
    former.abort();
    assert.equal((await client.query("SELECT 1")).rowCount, 1);
    const asked = client.query("SELECT pg_sleep(60)");
    present.abort();
    await assert.rejects(asked, /terminated/);
    await untilBackends(0);
  });

  it("serve a worker's jobs one after the other, with two for all; a job that failed leaves none", async () => {
    const stop = await db.startWorker();
    const params = { k: 1, x: "x", y: "y", include: ["pid"] };
    const pids = "SELECT g AS id, pg_backend_pid() AS pid, g AS x, g AS y FROM generate_series(1, 3) g";
    const reader = async (target: string): Promise<number> => {
      const { state, error_message } = await run(db.analyst, "kmeans", pids, params, target);
      assert.equal(state, "ready", error_message ?? "");
      return (await db.analyst.query<{ pid: number }>(`SELECT pid FROM ${target}`)).rows[0]!.pid;
    };
    await db.analyst.query("CREATE TABLE t AS SELECT generate_series(1, 3) AS v");
    assert.equal(await reader("a"), await reader("b"));
    assert.equal(await backends(), 2);
    const failed = await run(
      db.analyst,
      "kmeans",
      "SELECT 1 / (v - 1) AS id, 0 AS pid, 1.0 AS x, 1.0 AS y FROM t",
      params,
      "c",
    );
    assert.equal(failed.error_code, "QUERY_FAILED");
    await untilBackends(0);
    await stop();
  });
});
