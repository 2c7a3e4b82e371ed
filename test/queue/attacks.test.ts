import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import type pg from "pg";
import { PROTOCOL } from "#dist/queue/queue.js";
import { connectionsFromCommand, connectionsFromFile } from "#dist/queue/connections.js";
import { failure } from "../support/assertions.js";
import { ask, ended, run, status, until } from "../support/jobs.js";
import { assertNothingLeft } from "../support/leftovers.js";
import { createDatabase, open, roles, type TestDatabase } from "../support/server.js";
import { cli } from "../support/workers.js";

describe("an attack", () => {
  let db: TestDatabase;
  let stop: () => Promise<void>;
  const xy = { value: "v", x: "x", y: "y", permutations: 99 };
  const denied = /permission denied|must be owner|violates row-level security/;
  before(async () => {
    db = await createDatabase();
    stop = await db.startWorker();
    await db.analyst.query(
      "CREATE TABLE t AS SELECT g AS id, random() AS x, random() AS y, random() AS v FROM generate_series(1, 30) g",
    );
    await db.admin.query(
      "CREATE TABLE secret AS SELECT g AS id, random() AS x, random() AS y, random() AS v FROM generate_series(1, 30) g",
    );
  });
  after(async () => {
    await stop();
    await db.close();
  });
  const requesters = async (): Promise<unknown[]> =>
    (await db.admin.query<{ requester: string }>("SELECT DISTINCT requester FROM driveshaft.jobs")).rows.map(
      (row) => row.requester,
    );

  describe("on who asks fails:", () => {
    it("a forged requester, state, token or time", async () => {
      for (const column of [
        "requester",
        "requester_id",
        "state",
        "token_hash",
        "created_at",
        "origin",
        "attempts",
        "id",
        "path",
        "summary",
      ]) {
        await assert.rejects(
          db.analyst.query(
            `INSERT INTO driveshaft.jobs (analysis, query, params, ${column}) VALUES ('moran', 'SELECT 1', '{}', DEFAULT)`,
          ),
          denied,
          column,
        );
      }
      const job = await ask(db.analyst, "moran_local", "SELECT * FROM t", xy);
      for (const change of [
        "state = 'ready'",
        "requester = 'postgres'",
        "token_hash = NULL",
        "summary = '{}'",
        "query = ''",
      ]) {
        await assert.rejects(
          db.analyst.query(`UPDATE driveshaft.jobs SET ${change} WHERE id = $1`, [job]),
          denied,
          change,
        );
      }
      await assert.rejects(db.analyst.query("DELETE FROM driveshaft.jobs"), denied);
    });

    it("other tables of the schema, and functions of workers", async () => {
      for (const table of ["reservations", "backends", "workers", "twins"]) {
        await assert.rejects(db.analyst.query(`SELECT * FROM driveshaft.${table}`), denied, table);
      }
      for (const table of ["settings", "limits", "results", "progress", "attempts", "analyses"]) {
        await assert.rejects(db.analyst.query(`DELETE FROM driveshaft.${table}`), denied, table);
      }
      for (const call of [
        `claim(${PROTOCOL}, 'me', '{analyst}', '1 s')`,
        "release_expired()",
        "sweep()",
        "follow_roles()",
        "stray_backends('{analyst}')",
        "unserved('{}')",
        "forget_backend(1, now())",
        "note_backend(gen_random_uuid(), '', 1, now())",
      ]) {
        await assert.rejects(db.analyst.query(`SELECT driveshaft.${call}`), denied, call);
      }
      await assert.rejects(db.analyst.query("CREATE TABLE driveshaft.mine (i int)"), denied);
      await db.analyst.query("CREATE TABLE lever (id uuid, target text, state text, analysis text)");
      const triggers = await db.admin.query<{ name: string }>(
        "SELECT proname AS name FROM pg_proc WHERE pronamespace = 'driveshaft'::regnamespace AND prorettype = 'trigger'::regtype",
      );
      assert.ok(triggers.rows.length > 5);
      for (const { name } of triggers.rows) {
        await assert.rejects(
          db.analyst.query(
            `CREATE TRIGGER pull AFTER INSERT ON lever FOR EACH ROW EXECUTE FUNCTION driveshaft.${name}()`,
          ),
          denied,
          name,
        );
      }
    });

    it("an index expression that a superuser's REINDEX runs, and a function with the owner's rights, enqueue nothing as the superuser", async () => {
      await db.analyst.query(`
        CREATE TABLE bait (i int);
        CREATE FUNCTION trap(i int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN
          PERFORM public.cdb_run_analysis('moran_local', 'SELECT * FROM public.secret', '{"value": "v", "x": "x", "y": "y"}', 'public.stolen'); RETURN i;
        EXCEPTION WHEN OTHERS THEN RETURN i; END $$;
        CREATE FUNCTION definer(i int) RETURNS int SECURITY DEFINER LANGUAGE sql AS 'SELECT public.trap(i)'`);
      await db.analyst.query("INSERT INTO bait VALUES (1); CREATE INDEX ON bait (trap(i))").catch(() => {});
      await db.admin.query("REINDEX TABLE bait; ANALYZE bait; SELECT definer(1)");
      assert.ok(!(await requesters()).includes("postgres"));
      const stolen = await db.analyst.query<{ id: string }>(
        "SELECT id FROM cdb_analysis_status() WHERE target = 'public.stolen'",
      );
      for (const { id } of stolen.rows) assert.notEqual((await until(db.analyst, id, ended)).state, "ready");
      assert.deepEqual((await db.admin.query("SELECT to_regclass('public.stolen') AS at")).rows, [{ at: null }]);
    });

    it("a superuser who may ask by the installation's leave is heard, others still are not heard as superuser", async () => {
      await db.install({ allowSuperusers: true });
      const job = await ask(db.admin, "moran_local", "SELECT * FROM t", xy, "by_superuser");
      assert.match((await status(db.admin, job)).phase!, /no worker serves postgres/);
      await db.admin.query("SELECT cdb_cancel_analysis($1)", [job]);
      await db.install();
      await assert.rejects(ask(db.admin, "moran_local", "SELECT * FROM t", xy), /SUPERUSER_REFUSED/);
    });

    it("a role that cannot log in is refused, unless a twin works for it, which may be nothing else", async () => {
      await db.admin.query(
        "CREATE ROLE crew NOLOGIN; GRANT crew TO analyst; CREATE ROLE crew_worker LOGIN PASSWORD 'driveshaft'; GRANT crew TO crew_worker; GRANT SELECT ON t TO crew; GRANT CREATE ON SCHEMA public TO crew",
      );
      const crew = await open(db.url(roles.analyst));
      await crew.query("SET ROLE crew");
      await assert.rejects(ask(crew, "moran_local", "SELECT * FROM t", xy, "crewed"), /NO_LOGIN: crew cannot log in/);
      await db.install({ twins: { crew: "crew_worker" } });
      const serve = (login: string): Promise<() => Promise<void>> =>
        db.startWorker({ connections: () => Promise.resolve({ crew: db.url(login) }) });
      let end = await serve("crew_worker");
      const good = await run(
        crew,
        "moran_local",
        "SELECT *, current_user::text AS me FROM t",
        { ...xy, include: ["me"] },
        "crewed",
      );
      await end();
      assert.equal(good.state, "ready", good.error_message ?? "");
      assert.deepEqual(
        (await db.admin.query("SELECT DISTINCT me, tableowner FROM crewed, pg_tables WHERE tablename = 'crewed'")).rows,
        [{ me: "crew", tableowner: "crew" }],
      );
      end = await serve(roles.analyst);
      const more = await run(crew, "moran_local", "SELECT * FROM t", xy, "crewed_too");
      await end();
      assert.deepEqual([more.state, more.error_code], ["failed", "CONNECTION_FAILED"]);
      assert.match(more.error_message!, /logs in as analyst, which is more than a stand-in/);
      await crew.end();
      await db.admin.query("DROP OWNED BY crew, crew_worker; DROP ROLE crew, crew_worker");
    });
  });

  describe("by the query fails:", () => {
    const bad: [what: string, query: string][] = [
      ["reading a file of the server", "SELECT *, pg_read_file('/etc/passwd') FROM t"],
      ["reading another's table", "SELECT * FROM secret"],
      ["becoming another role", "SELECT *, set_config('role', 'postgres', false) FROM t"],
      ["becoming another login", "SELECT *, set_config('session_authorization', 'postgres', false) FROM t"],
      ["leaving READ ONLY", "SELECT *, set_config('transaction_read_only', 'off', false) FROM t"],
      ["calling out over dblink", "SELECT * FROM dblink('dbname=postgres', 'SELECT 1') AS t(id int)"],
      [
        "writing through query_to_xml",
        "SELECT *, query_to_xml('INSERT INTO t VALUES (99) RETURNING id', true, true, '') FROM t",
      ],
      ["running a program", "SELECT 1) TO PROGRAM 'touch /tmp/owned'; --"],
      ["leaving the COPY", "SELECT 1) TO STDOUT; COMMIT; DROP TABLE t; COPY (SELECT 1"],
      [
        "ending another's backend",
        "SELECT *, pg_terminate_backend((SELECT pid FROM pg_stat_activity WHERE usename = 'postgres' LIMIT 1)) FROM t",
      ],
    ];
    for (const [what, query] of bad) {
      it(what, async () => {
        const result = await run(db.analyst, "moran_local", query, xy).then(
          ({ state, error_code }) => [state, error_code],
          (error: unknown) => ["refused", (error as Error).message.split(":")[0]],
        );
        assert.ok(["failed,QUERY_FAILED", "refused,INVALID_QUERY"].includes(String(result)), String(result));
        assert.equal((await db.analyst.query("SELECT FROM t")).rowCount, 30);
        await assertNothingLeft(db.admin);
      });
    }

    const harmless: [what: string, query: string][] = [
      [
        "settings that it leaves behind",
        "SELECT t.* FROM t, (SELECT set_config('search_path', 'evil', false), set_config('statement_timeout', '1', false), set_config('lock_timeout', '1', false)) s",
      ],
      ["advisory locks that it takes", "SELECT t.* FROM t, (SELECT pg_advisory_lock(42)) s"],
      [
        "large objects",
        "SELECT t.*, CASE WHEN current_setting('server_version_num')::int < 160000 THEN lo_create(0) END AS o FROM t",
      ],
      ["a notification that it sends", "SELECT t.*, pg_notify('driveshaft', 'forged')::text AS n FROM t"],
      ["a path with functions in the way of ours", "SELECT * FROM t"],
    ];
    for (const [what, query] of harmless) {
      it(`${what} do not reach the publication`, async () => {
        await db.admin.query("CREATE SCHEMA IF NOT EXISTS evil AUTHORIZATION analyst");
        await db.analyst.query(`
          CREATE OR REPLACE FUNCTION evil.pg_backend_pid() RETURNS int LANGUAGE sql AS 'SELECT 1';
          CREATE OR REPLACE FUNCTION evil.format_type(oid, int) RETURNS text LANGUAGE sql AS $$SELECT 'text); DROP TABLE t; --'$$;
          CREATE OR REPLACE FUNCTION evil.unnest(oid[]) RETURNS SETOF oid LANGUAGE sql AS 'SELECT NULL::oid';
          CREATE TABLE IF NOT EXISTS evil.pg_stat_activity (pid int, backend_start timestamptz);
          ALTER ROLE analyst SET search_path = evil, pg_catalog, public;
          ALTER ROLE analyst SET statement_timeout = '1ms';
          ALTER ROLE analyst SET default_transaction_read_only = on;
          ALTER ROLE analyst SET lock_timeout = '1ms'`);
        await db.analyst.query("SET search_path = evil, pg_catalog, public");
        try {
          const { state, error_message } = await run(
            db.analyst,
            "moran_local",
            query.replaceAll(" t", " public.t"),
            xy,
            "public.harmless",
          ).catch((error: unknown) => ({ state: "refused", error_message: (error as Error).message }));
          assert.equal(state, "ready", error_message ?? "");
          assert.equal((await db.admin.query("SELECT FROM public.harmless")).rowCount, 30);
        } finally {
          await db.analyst.query("RESET search_path");
          await db.admin.query("ALTER ROLE analyst RESET ALL; DROP TABLE IF EXISTS public.harmless");
        }
        await assertNothingLeft(db.admin);
      });
    }
  });

  describe("on the token fails:", () => {
    it("one that is guessed, stale, or seen nowhere: not in activity, notifications, rows or errors", async () => {
      const heard: string[] = [];
      const spy = await open(db.url(roles.analyst));
      spy.on("notification", ({ payload }) => heard.push(payload ?? ""));
      await spy.query("LISTEN driveshaft");
      const job = await ask(db.analyst, "moran_local", "SELECT *, pg_sleep(0.01) FROM t", xy, "spied");
      const seen: string[] = [];
      for (;;) {
        const { rows } = await spy.query<{ line: string }>(
          "SELECT concat_ws(' ', query, application_name) AS line FROM pg_stat_activity WHERE usename = 'analyst' AND pid <> pg_backend_pid()",
        );
        seen.push(...rows.map((row) => row.line));
        if (ended(await status(spy, job))) break;
      }
      const everything = (
        await db.admin.query("SELECT j.*, a.* FROM driveshaft.jobs j JOIN driveshaft.attempts a ON a.job = j.id")
      ).rows;
      // two uuids in a row
      const token = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}[0-9a-f]{8}-/;
      assert.doesNotMatch([...seen, ...heard, JSON.stringify(everything)].join("\n"), token);
      assert.ok(heard.every((payload) => payload === job || /^[0-9a-f-]{36}$/.test(payload)));
      await assert.rejects(spy.query("SELECT driveshaft.publish($1, $2, '{}')", [job, job + job]), { code: "DS001" });
      await spy.end();
    });

    it("of an attempt whose lease passed on: its table goes with its transaction", async () => {
      await stop();
      const job = await ask(db.analyst, "moran_local", "SELECT * FROM t", xy, "passed_on");
      const worker = await open(db.url(roles.worker));
      const { rows } = await worker.query<{ token: string }>(
        `SELECT token FROM driveshaft.claim(${PROTOCOL}, 'late', '{analyst}', '0 s')`,
      );
      await worker.end();
      stop = await db.startWorker();
      const { state } = await until(db.analyst, job, ended);
      assert.equal(state, "ready");
      await db.analyst.query("BEGIN; DROP TABLE passed_on; CREATE TABLE passed_on AS SELECT 1 AS forged");
      await assert.rejects(db.analyst.query("SELECT driveshaft.publish($1, $2, '{}')", [job, rows[0]!.token]), {
        code: "DS001",
      });
      await db.analyst.query("ROLLBACK");
      assert.equal((await db.analyst.query("SELECT local_i FROM passed_on")).rowCount, 30);
    });
  });

  describe("by code that writing the result would run, to leave the role and set its twin's password, fails:", () => {
    let crew: pg.Client;
    let end: () => Promise<void>;
    const serve = (): Promise<() => Promise<void>> =>
      db.startWorker({ connections: () => Promise.resolve({ gang: db.url("gang_twin") }) });
    before(async () => {
      await db.admin.query(
        "CREATE ROLE gang NOLOGIN; GRANT gang TO analyst; CREATE ROLE gang_twin LOGIN PASSWORD 'driveshaft' IN ROLE gang; GRANT SELECT ON t TO gang; GRANT CREATE ON SCHEMA public TO gang",
      );
      await db.install({ twins: { gang: "gang_twin" } });
      crew = await open(db.url(roles.analyst));
      await crew.query("SET ROLE gang");
      await crew.query(`
        CREATE FUNCTION steal() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
          IF session_user = 'gang_twin' THEN
            PERFORM set_config('role', 'none', false);
            BEGIN PERFORM set_config('transaction_read_only', 'off', false); EXCEPTION WHEN OTHERS THEN NULL; END;
            ALTER ROLE gang_twin PASSWORD 'stolen';
          END IF;
          RETURN true;
        EXCEPTION WHEN OTHERS THEN RETURN true; END $$;
        -- what an index takes; the function that it calls may do anything
        CREATE FUNCTION spring(value anyelement) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN public.steal(); END $$;
        CREATE FUNCTION apart(a float8, b float8) RETURNS float8 IMMUTABLE LANGUAGE sql AS 'SELECT a - b';
        CREATE DOMAIN trap AS int CHECK (spring(VALUE));
        CREATE TYPE holder AS (a int, b trap); CREATE TYPE innocent AS (a int);
        CREATE TYPE span AS RANGE (subtype = trap); CREATE TYPE spread AS RANGE (subtype = float8, subtype_diff = apart);
        CREATE DOMAIN traps AS trap[]`);
      end = await serve();
    });
    after(async () => {
      await end();
      await crew.end();
      await db.admin.query("DROP OWNED BY gang, gang_twin CASCADE; DROP ROLE gang, gang_twin");
    });
    const password = async (): Promise<string> =>
      (await db.admin.query<{ hash: string }>("SELECT rolpassword AS hash FROM pg_authid WHERE rolname = 'gang_twin'"))
        .rows[0]!.hash;

    const types: [expression: string, message: RegExp][] = [
      ["ARRAY[1]::trap[]", /holds the type (public\.)?trap/],
      ["ARRAY[ROW(1, 2)::holder]", /holds the type (public\.)?trap/],
      ["ROW(1, 2)::holder", /holds the type (public\.)?trap/],
      ["span(1, 2)", /holds the type (public\.)?trap/],
      ["multirange(span(1, 2))", /holds the type (public\.)?trap/],
      ["ARRAY[1]::traps", /holds the type (public\.)?trap/],
      ["spread(1, 2)", /holds the type (public\.)?spread/],
    ];
    for (const [expression, message] of types) {
      it(`${expression} as a column of the result is refused when asked for`, async () => {
        const query = `SELECT t.*, ${expression} AS bait FROM t`;
        for (const params of [
          { ...xy, include: ["bait"] },
          { ...xy, id: "bait" },
        ]) {
          await assert.rejects(ask(crew, "moran_local", query, params), (error: Error) => {
            assert.match(error.message, /^WRONG_COLUMN_TYPE: the column "bait" is of type/);
            assert.match(error.message, message);
            return true;
          });
        }
      });
    }

    it("a type that gets a domain after it was asked for is refused by the worker", async () => {
      const before = await password();
      await end();
      const query = "SELECT t.*, ROW(1)::innocent AS bait FROM t";
      const job = await ask(crew, "moran_local", query, { ...xy, include: ["bait"] });
      await crew.query("ALTER TYPE innocent ALTER ATTRIBUTE a TYPE trap");
      end = await serve();
      const { state, error_code, error_message } = await until(crew, job, ended);
      assert.deepEqual([state, error_code], ["failed", "WRONG_COLUMN_TYPE"], error_message ?? "");
      assert.equal(await password(), before);
    });

    it("a literal that is checked as the query is parsed runs read-only, as the query does", async () => {
      const before = await password();
      for (const query of ["SELECT t.*, '{1}'::trap[] AS bait FROM t", "SELECT t.*, spring(id) AS bait FROM t"]) {
        await run(crew, "moran_local", query, xy);
        assert.equal(await password(), before, query);
      }
    });

    it("an index on a function of users is not made again: refused before anything is computed", async () => {
      const before = await password();
      assert.equal((await run(crew, "moran_local", "SELECT * FROM t", xy, "indexed")).state, "ready");
      const again = { ...xy, overwrite: true };
      for (const on of ["(spring(value))", "(id) WHERE spring(id)"]) {
        await crew.query(`CREATE INDEX snare ON indexed ${on}`);
        await assert.rejects(
          ask(crew, "moran_local", "SELECT * FROM t", again, "indexed"),
          /TARGET_IN_USE: .*index public.snare/,
        );
        await crew.query("DROP INDEX snare");
      }
      await crew.query("CREATE INDEX snare ON indexed (round(value)) WHERE cluster = 'HH'");
      const { state, error_message } = await run(crew, "moran_local", "SELECT * FROM t", again, "indexed");
      assert.equal(state, "ready", error_message ?? "");
      assert.equal(await password(), before);
    });

    it("large objects that a query makes the twin own keep no later job from running", async () => {
      const query =
        "SELECT t.*, set_config('role', 'none', true), CASE WHEN current_setting('server_version_num')::int < 160000 THEN lo_create(0) END AS o FROM t";
      for (const target of ["large", "larger"]) {
        const { state, error_message } = await run(crew, "moran_local", query, xy, target);
        assert.equal(state, "ready", error_message ?? "");
      }
    });

    it("an error that looks like one of ours is the query's", async () => {
      await crew.query(
        "CREATE FUNCTION posing() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING errcode = 'DS000', message = 'TARGET_BUSY: posing'; END $$",
      );
      const { error_code, error_message } = await run(crew, "moran_local", "SELECT t.*, posing() FROM t", xy);
      assert.deepEqual([error_code, error_message!.slice(0, 15)], ["QUERY_FAILED", "the query fails"]);
    });
  });

  it("by squatting targets reaches only schemas where the attacker may create", async () => {
    await db.admin.query("CREATE SCHEMA IF NOT EXISTS vault; CREATE TABLE vault.kept AS SELECT 1 AS mine");
    await assert.rejects(
      ask(db.analyst, "moran_local", "SELECT * FROM t", xy, "vault.mine"),
      /TARGET_INVALID: analyst may not create tables in the schema vault/,
    );
    await assert.rejects(
      ask(db.analyst, "moran_local", "SELECT * FROM t", { ...xy, overwrite: true }, "vault.kept"),
      /TARGET_INVALID/,
    );
    await assert.rejects(
      ask(db.analyst, "moran_local", "SELECT * FROM t", { ...xy, overwrite: true }, "driveshaft.jobs"),
      /TARGET_INVALID/,
    );
    await db.admin.query("CREATE TABLE public.theirs AS SELECT 1 AS mine");
    await assert.rejects(
      ask(db.analyst, "moran_local", "SELECT * FROM t", { ...xy, overwrite: true }, "theirs"),
      /TARGET_EXISTS/,
    );
  });

  it("by temporary tables with the target's name changes nothing", async () => {
    await db.analyst.query("CREATE TEMP TABLE shadow (i int)");
    const { rows } = await db.analyst.query<{ name: string }>("SELECT pg_my_temp_schema()::regnamespace AS name");
    for (const schema of ["pg_temp", rows[0]!.name]) {
      await assert.rejects(ask(db.analyst, "moran_local", "SELECT * FROM t", xy, `${schema}.shadow`), /TARGET_INVALID/);
    }
    assert.equal((await run(db.analyst, "moran_local", "SELECT * FROM t", xy, "shadow")).target, "public.shadow");
  });

  it("by names finds them quoted by the server: in columns, ids and targets", async () => {
    const name = `x"; DROP TABLE t; --`;
    const quoted = `"${name.replaceAll('"', '""')}"`;
    const query = `SELECT id AS ${quoted}, x, y, v AS "v'", v AS "$1" FROM t`;
    const params = { ...xy, id: name, value: "v'", include: ["$1"] };
    const { state, error_message, target } = await run(db.analyst, "moran_local", query, params, quoted);
    assert.equal(state, "ready", error_message ?? "");
    assert.equal((await db.analyst.query(`SELECT ${quoted}, "$1" FROM ${target}`)).rowCount, 30);
    assert.equal((await db.analyst.query("SELECT FROM t")).rowCount, 30);
  });

  it("on the list of processes shows no connection of a worker", async () => {
    const secret = `${db.url(roles.worker)}?options=${encodeURIComponent("-c driveshaft.secret=hunter2")}`;
    const worker = spawn(process.execPath, [cli, "worker", "--database", secret], {
      env: { ...process.env, DRIVESHAFT_CONNECTIONS: JSON.stringify({ analyst: db.url(roles.analyst) }) },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    worker.stderr.on("data", (text: Buffer) => (said += text.toString()));
    // one that has ended is on no list, and says why
    const closed = once(worker, "close").then(() => assert.fail(`the worker ended: ${said}`));
    async function listed(): Promise<void> {
      while (worker.exitCode === null) {
        const ps = promisify(execFile)("ps", ["-o", "args=", "-p", String(worker.pid)]);
        const { stdout } = await ps.catch(() => ({ stdout: "" }));
        if (stdout.trim() === "driveshaft worker") return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await closed;
    }
    try {
      await Promise.race([listed(), closed]);
    } finally {
      closed.catch(() => {});
      worker.kill("SIGKILL");
    }
  });

  it("on a worker's connections shows no secret in errors", async () => {
    await assert.rejects(
      connectionsFromFile("/nonexistent/secrets.json")(),
      failure("INVALID_PARAMETER", /secrets.json cannot be read/),
    );
    await assert.rejects(connectionsFromCommand("echo hunter2; exit 3")(), (error: Error) => {
      assert.doesNotMatch(`${error.message} ${String(error.cause)}`, /hunter2/);
      assert.match(error.message, /ended with code 3/);
      return true;
    });
    await assert.rejects(
      connectionsFromCommand("echo hunter2")(),
      (error: Error) => !error.message.includes("hunter2"),
    );
    assert.deepEqual(await connectionsFromCommand(`echo '{"analyst": "postgres://analyst@host/db"}'`)(), {
      analyst: "postgres://analyst@host/db",
    });
  });
});
