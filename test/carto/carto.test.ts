import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { findAnalysis } from "#dist/analyses/index.js";
import { cartoClient } from "#dist/carto/client.js";
import { withCarto } from "#dist/carto/direct.js";
import { byCopy } from "#dist/carto/copying.js";
import { cartoSink } from "#dist/carto/sink.js";
import type { Summary } from "#dist/compute/summary.js";
import { DriveshaftError } from "#dist/errors.js";
import { runJob } from "#dist/job/job.js";
import { invoker } from "#dist/lambda/invoke.js";
import { failure } from "../support/assertions.js";
import { cartodbfy, KEY, REGULAR_KEY, reset, startCarto, type CartoServer } from "../support/carto.js";
import { run } from "../support/jobs.js";
import { startLambda } from "../support/lambda.js";
import { createDatabase, roles, type TestDatabase } from "../support/server.js";
import { tableBytes } from "../support/table-bytes.js";

const query = "SELECT cartodb_id, x, y, v, name FROM places";
const params = { value: "v", x: "x", y: "y", weights: { type: "knn", k: 5 }, permutations: 999 };

describe("on CARTO", () => {
  let db: TestDatabase;
  let carto: CartoServer;
  let tables = 0;
  const fresh = (): string => `result_${++tables}`;

  before(async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" });
    db = await createDatabase();
    carto = await startCarto(db.url(roles.analyst));
    await db.analyst.query(cartodbfy);
    await db.analyst.query(
      `CREATE TABLE places AS SELECT i AS cartodb_id, i % 17 + i / 1e3 AS x, i % 13 + i / 1e4 AS y, (i * 7919) % 101 / 10.0 AS v, 'ü' || i AS name FROM generate_series(1, 300) i`,
    );
  });
  after(async () => {
    await carto.close();
    await db.close();
  });
  afterEach(async () => {
    reset(carto);
    assert.deepEqual(await leftovers(), []);
  });

  async function leftovers(): Promise<string[]> {
    const { rows } = await db.analyst.query<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relname ~ '^driveshaft_[0-9a-f]{16}$'",
    );
    return rows.map(({ name }) => name);
  }

  /** What the command line does. */
  async function analyse(
    target: string,
    more: object = {},
    text = query,
    account = { url: carto.url, apiKey: REGULAR_KEY },
    signal = new AbortController().signal,
    publish: "sql" | "import" = "sql",
  ): Promise<Summary> {
    let summary: Summary | undefined;
    const parameters = { ...params, ...more };
    const overwrite = "overwrite" in more && more.overwrite === true;
    await withCarto(account, text, { target, overwrite, publish }, signal, async (source, sink) => {
      const job = { analysis: findAnalysis("moran_local"), parameters };
      summary = await runJob(job, source, sink!, undefined, signal);
    });
    return summary!;
  }

  async function exists(name: string): Promise<boolean> {
    const { rows } = await db.analyst.query<{ there: boolean }>("SELECT to_regclass($1) IS NOT NULL AS there", [name]);
    return rows[0]!.there;
  }

  const columns = "cartodb_id, value, value_std, lag, lag_std, local_i, quadrant, p, p_adjusted, z, cluster";

  it("an analysis is what a job of the database makes of the same rows, byte by byte, registered and joinable", async () => {
    const stop = await db.startWorker();
    await run(db.analyst, "moran_local", query, params, "by_worker");
    await stop();
    const { rows } = await analyse("by_carto");
    assert.deepEqual(rows, { read: 300, used: 300, undefined: 0 });
    const bytes = (name: string): Promise<Buffer> =>
      tableBytes(db.analyst, `SELECT ${columns} FROM ${name} ORDER BY cartodb_id`);
    assert.deepEqual(await bytes("by_carto"), await bytes("by_worker"));
    const known = await db.analyst.query("SELECT FROM CDB_TableMetadata WHERE tabname = 'by_carto'::regclass");
    assert.equal(known.rowCount, 1);
    const joined = await db.analyst.query("SELECT FROM by_carto JOIN places USING (cartodb_id)");
    assert.equal(joined.rowCount, 300);
    assert.deepEqual(
      carto.calls.filter((call) => !call.endsWith(" ")),
      ["POST /copyto", "POST /copyto", "POST /copyfrom"],
    );
  });

  it("of many variables brings ids under another name than cartodb_id, which is unique there", async () => {
    const many = { value: undefined, values: ["v", "x"] };
    await assert.rejects(analyse("twice", many), failure("INVALID_PARAMETER", /in the result several times/));
    assert.equal(await exists("twice"), false);
    const { rows } = await analyse("once", { ...many, id: "place" }, query.replace("_id", "_id AS place"));
    assert.deepEqual(rows, { read: 600, used: 600, undefined: 0 });
    const joined = await db.analyst.query("SELECT FROM once JOIN places ON places.cartodb_id = place");
    assert.equal(joined.rowCount, 600);
  });

  it("the nearest places, several of a row, bring ids under another name likewise", async () => {
    async function nearest(target: string, id: string): Promise<void> {
      const signal = new AbortController().signal;
      const text = `SELECT cartodb_id AS ${id}, x, y FROM places`;
      const parameters = { id, x: "x", y: "y", k: 2, targets: "SELECT cartodb_id, x + 1 AS x, y FROM places" };
      const to = { target, overwrite: false, publish: "sql" as const };
      await withCarto({ url: carto.url, apiKey: REGULAR_KEY }, text, to, signal, async (source, sink) => {
        await runJob({ analysis: findAnalysis("nearest"), parameters }, source, sink!, undefined, signal);
      });
    }
    const target = fresh();
    const severalTimes = failure("INVALID_PARAMETER", /in the result several times/);
    await assert.rejects(nearest(target, "cartodb_id"), severalTimes);
    assert.equal(await exists(target), false);
    await nearest(target, "place");
    const { rows } = await db.analyst.query(
      `SELECT count(*)::int AS rows, count(DISTINCT place)::int AS places FROM ${target}`,
    );
    assert.deepEqual(rows, [{ rows: 600, places: 300 }]);
  });

  it("rows are read in pages where there is no copyto, with the same result", async () => {
    carto.faults.noCopyTo = true;
    const summary = await analyse("by_pages", { include: ["name"] });
    assert.equal(summary.rows.read, 300);
    const bytes = (name: string): Promise<Buffer> =>
      tableBytes(db.analyst, `SELECT ${columns} FROM ${name} ORDER BY cartodb_id`);
    assert.deepEqual(await bytes("by_pages"), await bytes("by_carto"));
    const names = await db.analyst.query("SELECT FROM by_pages JOIN places USING (cartodb_id, name)");
    assert.equal(names.rowCount, 300);
  });

  it("pages refuse ids that are null or repeated, and too many rows", async () => {
    carto.faults.noCopyTo = true;
    const of = (id: string, more: object = {}): Promise<Summary> =>
      analyse(fresh(), more, `SELECT ${id} AS cartodb_id, x, y, v FROM places`);
    await assert.rejects(of("nullif(cartodb_id, 7)"), failure("NULL_ID", /is null in 1 rows/));
    await assert.rejects(of("cartodb_id / 2"), failure("DUPLICATE_ID", /repeats in 149 rows/));
    const client = { url: carto.url, apiKey: KEY };
    await assert.rejects(
      withCarto(client, query, undefined, new AbortController().signal, async (source) => {
        const job = { analysis: findAnalysis("moran_local"), parameters: params, rowLimit: 100 };
        await runJob(job, source, { write: () => Promise.resolve([]) });
      }),
      failure("ROW_LIMIT", /more than 100 rows/),
    );
  });

  it("the result has a key of CARTO's where the ids have another name, and stays unique by these", async () => {
    const target = fresh();
    await analyse(target, { id: "name" });
    const { rows } = await db.analyst.query<{ cartodb_id: number; name: string }>(
      `SELECT cartodb_id, name FROM ${target} ORDER BY cartodb_id LIMIT 1`,
    );
    assert.equal(rows[0]!.cartodb_id, 1);
    await assert.rejects(db.analyst.query(`INSERT INTO ${target} (name) VALUES ('ü1')`), /duplicate key/);
  });

  it("the result of groups has its key, and the columns of the groups beside it", async () => {
    const target = fresh();
    await analyse(target, { by: ["even"] }, "SELECT cartodb_id, x, y, v, cartodb_id % 2 = 0 AS even FROM places");
    const { rows } = await db.analyst.query(
      `SELECT count(*)::int AS n, bool_and(even = (cartodb_id % 2 = 0)) AS own FROM ${target} JOIN places USING (cartodb_id)`,
    );
    assert.deepEqual(rows, [{ n: 300, own: true }]);
  });

  it("the result has ids, types and columns as CARTO wants them, whatever the query calls and types them", async () => {
    for (const type of ["smallint", "integer", "bigint"]) {
      const target = fresh();
      const typed = `SELECT cartodb_id::${type}, x, y, v, name AS "Its Name", 9007199254740993 AS big FROM places`;
      await analyse(target, { include: ["Its Name", "big"] }, typed);
      const { rows } = await db.analyst.query(
        `SELECT count(*)::int AS n, min(pg_typeof(cartodb_id)::text) AS type, min(big)::text AS big FROM ${target} r JOIN places p USING (cartodb_id)
          WHERE r."Its Name" = p.name`,
      );
      assert.deepEqual(rows, [{ n: 300, type: "integer", big: "9007199254740993" }]);
      const added = await db.analyst.query<{ id: number }>(
        `INSERT INTO ${target} (value) VALUES (0) RETURNING cartodb_id AS id`,
      );
      assert.equal(added.rows[0]!.id, 301);
    }
  });

  it("a result without rows is a table that CARTO's caches see, too", async () => {
    const target = fresh();
    await analyse(target, { only: "significant", significance: 1e-9 });
    const { rows } = await db.analyst.query(
      `SELECT (SELECT count(*)::int FROM ${target}) AS n, count(*)::int AS noted FROM CDB_TableMetadata WHERE tabname = $1::regclass`,
      [target],
    );
    assert.deepEqual(rows, [{ n: 0, noted: 1 }]);
  });

  it("ids and columns that a table of CARTO's cannot have are refused before anything is computed", async () => {
    const from = (columns: string, more: object = {}): Promise<Summary> =>
      analyse(fresh(), more, `SELECT ${columns}, x, y, v FROM places`);
    await assert.rejects(from("name AS cartodb_id"), failure("WRONG_COLUMN_TYPE", /cartodb_id is of type text/));
    await assert.rejects(
      from("cartodb_id + 2147483647::bigint AS cartodb_id"),
      failure("WRONG_COLUMN_TYPE", /the row with cartodb_id 2147483648/),
    );
    await assert.rejects(
      from("name AS id, cartodb_id", { id: "id", include: ["cartodb_id"] }),
      failure("INVALID_PARAMETER", /include names cartodb_id/),
    );
    await assert.rejects(
      from("cartodb_id, name AS the_geom_webmercator", { include: ["the_geom_webmercator"] }),
      failure("INVALID_PARAMETER", /include names the_geom_webmercator/),
    );
    await assert.rejects(
      from("cartodb_id, name AS the_geom", { include: ["the_geom"] }),
      failure("WRONG_COLUMN_TYPE", /the column the_geom is of type text/),
    );
    assert.ok(!carto.calls.includes("POST /copyfrom"));
  });

  it("however many rows there are, a key that is not the master key does", async () => {
    carto.faults.timeoutMs = 2_000;
    const target = fresh();
    const many = "SELECT i AS cartodb_id, sin(i) AS x, cos(7 * i) AS y, i % 101 AS v FROM generate_series(1, 60000) i";
    await analyse(target, { permutations: 9 }, many);
    const { rows } = await db.analyst.query(`SELECT count(*)::int AS n FROM ${target}`);
    assert.deepEqual(rows, [{ n: 60_000 }]);
  });

  it("the command line and a function on AWS Lambda do the same", async function () {
    this.timeout(240_000);
    const bytes = (name: string): Promise<Buffer> =>
      tableBytes(db.analyst, `SELECT ${columns} FROM ${name} ORDER BY cartodb_id`);
    const expected = await bytes("by_carto");
    const [byCommand, byFunction] = [fresh(), fresh()];
    const command = ["dist/cli/main.js", "run", "moran_local", "--carto", carto.url, "--api-key-env", "KEY_OF_ALICE"];
    const rest = ["--query", query, "--params", JSON.stringify(params), "--target", byCommand];
    const { stdout } = await promisify(execFile)(process.execPath, [...command, ...rest], {
      env: { ...process.env, KEY_OF_ALICE: KEY },
    });
    assert.match(stdout, /300 of 300 rows used/);
    assert.deepEqual(await bytes(byCommand), expected);

    const account = { url: carto.url, api_key: REGULAR_KEY };
    const lambda = await startLambda({ DRIVESHAFT_ACCOUNTS: JSON.stringify({ alice: account }) });
    const sdk = await invoker({ region: "eu-west-1", endpoint: lambda.endpoint });
    try {
      const event = { analysis: "moran_local", query, params, target: byFunction, carto: "alice" };
      const answer = await sdk.invoke("driveshaft-test-moran_local", event, "RequestResponse");
      assert.equal((answer as { state: string }).state, "ready");
      assert.deepEqual(await bytes(byFunction), expected);
      assert.doesNotMatch(lambda.log.join("\n") + JSON.stringify(answer), new RegExp(REGULAR_KEY));
    } finally {
      sdk.end();
      await lambda.close();
    }
  });

  it("weights may come by a query of pairs", async () => {
    const weights = {
      type: "query",
      query: "SELECT cartodb_id AS focal, cartodb_id % 300 + 1 AS neighbor FROM places",
    };
    const summary = await analyse(fresh(), { weights });
    assert.equal((summary.weights as { pairs: number }).pairs, 300);
  });

  it("an existing table is refused before anything is computed; a result is replaced where that is asked for", async () => {
    const target = fresh();
    await analyse(target);
    await assert.rejects(analyse(target), failure("TARGET_EXISTS", /exists already/));
    await assert.rejects(
      analyse("places", { overwrite: true }),
      failure("TARGET_EXISTS", /is no result of Driveshaft/),
    );
    await analyse(target, { overwrite: true, inference: "permutation", permutations: 99 });
    const { rows } = await db.analyst.query<{ least: number }>(`SELECT min(p) AS least FROM ${target}`);
    assert.ok(rows[0]!.least >= 0.02);
  });

  it("a wrong target, query or column is an error that says what is wrong", async () => {
    await assert.rejects(analyse("a.b.c"), failure("TARGET_INVALID", /not a table name/));
    await assert.rejects(analyse("a b"), failure("TARGET_INVALID", /not a table name/));
    for (const name of ['"Big"', '"a b"', '"a.b"', '"ä"', "x".repeat(64)]) {
      await assert.rejects(analyse(name), failure("TARGET_INVALID", /is not a name that CARTO can use/));
    }
    await assert.rejects(analyse("nowhere.t"), failure("TARGET_INVALID", /there is no schema nowhere/));
    await assert.rejects(analyse("pg_catalog.t"), failure("TARGET_INVALID", /may not create tables in the schema/));
    assert.ok(!carto.calls.includes("POST /copyto"));
    await assert.rejects(analyse(fresh(), {}, "SELECT nothing FROM places"), failure("INVALID_QUERY", /nothing/));
    await assert.rejects(analyse(fresh(), {}, `${query};`), failure("INVALID_QUERY", /syntax error/));
    await assert.rejects(analyse(fresh(), { value: "w" }), failure("MISSING_COLUMN", /"w"/));
    await assert.rejects(analyse(fresh(), { value: "name" }), failure("WRONG_COLUMN_TYPE", /is of type text/));
  });

  describe("with faults", () => {
    it("a wrong key is ACCESS_DENIED, and is in no message", async () => {
      const account = { url: carto.url, apiKey: "wrong-key-wrong-key" };
      await assert.rejects(analyse(fresh(), {}, query, account), (error: Error) => {
        failure("ACCESS_DENIED", /alice does not know the key: Unauthorized/)(error);
        return !JSON.stringify([error.message, error]).includes("wrong-key");
      });
    });

    it("a key that may not do what is asked is ACCESS_DENIED, and the hint says what it would take", async () => {
      carto.faults.noCopyTo = true;
      const system = "SELECT oid::int8 AS id, oid::int8 AS v, relpages AS x, reltuples AS y FROM pg_class";
      await assert.rejects(analyse(fresh(), {}, system), (error: DriveshaftError) => {
        failure("ACCESS_DENIED", /the key may not do that: system tables are forbidden/)(error);
        return error.hint!.includes("master key");
      });
      await db.admin.query("CREATE TABLE hidden AS SELECT * FROM places");
      await assert.rejects(analyse(fresh(), {}, "SELECT * FROM hidden"), (error: DriveshaftError) => {
        failure("ACCESS_DENIED", /the key may not do that: permission denied for table hidden/)(error);
        return error.hint!.includes("may read the tables");
      });
    });

    it("an account that is not there is INVALID_PARAMETER, and is named, whatever is called", async () => {
      const account = { url: `${carto.host}/user/bob`, apiKey: KEY };
      for (const noCopyTo of [false, true]) {
        carto.faults.noCopyTo = noCopyTo;
        await assert.rejects(
          analyse(fresh(), {}, query, account),
          failure("INVALID_PARAMETER", /there is no account of CARTO at .*\/user\/bob: .*can't find CARTO user 'bob'/),
        );
      }
    });

    it("calls that are too many are repeated when Retry-After says so, for a minute", async () => {
      Object.assign(carto.faults, { limited: 3, retryAfter: 0 });
      await analyse(fresh());
      Object.assign(carto.faults, { limited: 1000, retryAfter: 3600 });
      await assert.rejects(analyse(fresh()), failure("RATE_LIMITED", /takes no more calls for now/));
    });

    it("a statement that takes too long is TIMEOUT", async () => {
      carto.faults.timeoutMs = 300;
      carto.faults.noCopyTo = true;
      const slow = `${query} WHERE pg_sleep(0.01) IS NOT NULL`;
      await assert.rejects(analyse(fresh(), {}, slow), failure("TIMEOUT", /took too long/));
    });

    it("a query that fails while it streams is QUERY_FAILED, with what the server said", async () => {
      const target = fresh();
      const failing = "SELECT cartodb_id, x, y, 1 / (cartodb_id - 290) AS v FROM places";
      await assert.rejects(analyse(target, {}, failing), failure("QUERY_FAILED", /division by zero/));
      assert.equal(await exists(target), false);
    });

    it("an answer that breaks off is CONNECTION_FAILED, wherever it does", async () => {
      for (const cutAt of [0, 5, 19, 30, 500, 5000]) {
        carto.faults.cutAt = cutAt;
        await assert.rejects(analyse(fresh()), failure("CONNECTION_FAILED", /broke off|ends in the middle|failed/));
      }
      // and where it looks as if it had ended
      for (const cutAt of [0, 19, 500]) {
        Object.assign(carto.faults, { cutAt, complaint: "" });
        await assert.rejects(analyse(fresh()), failure("CONNECTION_FAILED", /ends in the middle/));
      }
    });

    it("a full quota is QUOTA_EXCEEDED, and nothing is left", async () => {
      carto.faults.quota = true;
      const target = fresh();
      await assert.rejects(analyse(target), failure("QUOTA_EXCEEDED", /DB Quota exceeded/));
      assert.equal(await exists(target), false);
    });

    it("a connection that is lost while rows are sent leaves nothing", async () => {
      carto.faults.hangUpOn = /copyfrom/;
      const target = fresh();
      await assert.rejects(analyse(target), failure("CONNECTION_FAILED", /the connection to .* failed/));
      assert.equal(await exists(target), false);
    });

    it("an answer that is lost after the last step is found out to have been a yes", async () => {
      carto.faults.hangUpAfter = /RENAME/;
      const target = fresh();
      await analyse(target);
      assert.ok(await exists(target));
    });

    it("a last step that is lost on its way to the server does not take place later", async () => {
      carto.faults.hangUpBefore = /RENAME/;
      const target = fresh();
      await assert.rejects(analyse(target), failure("CONNECTION_FAILED", /the connection to .* failed/));
      assert.equal(await exists(target), false);
      await pause(500);
      assert.equal(await exists(target), false);
    });

    it("a last step that waits for readers of the former result when its time is over does not take place later", async () => {
      const target = fresh();
      await analyse(target);
      const before = await tableBytes(db.analyst, `SELECT ${columns} FROM ${target}`);
      const reader = await db.open(roles.analyst);
      await reader.query(`BEGIN; LOCK TABLE ${target} IN ACCESS SHARE MODE`);
      carto.faults.timeoutMs = 500;
      await assert.rejects(analyse(target, { overwrite: true, seed: 2 }), failure("TIMEOUT", /took too long/));
      await reader.end();
      await pause(500);
      assert.deepEqual(await tableBytes(db.analyst, `SELECT ${columns} FROM ${target}`), before);
    });

    describe("where commenting takes longer than a statement may", () => {
      const slowIf = (condition: string): Promise<unknown> =>
        db.admin.query(`CREATE FUNCTION slowly() RETURNS event_trigger LANGUAGE plpgsql AS $$
          BEGIN
            PERFORM pg_sleep(1.2) FROM pg_event_trigger_ddl_commands() c WHERE ${condition};
          END $$;
          CREATE EVENT TRIGGER slowly ON ddl_command_end WHEN TAG IN ('COMMENT') EXECUTE FUNCTION slowly()`);
      beforeEach(() => (carto.faults.timeoutMs = 600));
      afterEach(() => db.admin.query("DROP FUNCTION IF EXISTS slowly() CASCADE"));

      it("a last step that takes place after its time is a success", async () => {
        await slowIf("obj_description(c.objid, 'pg_class') LIKE 'Result%'");
        const target = fresh();
        await analyse(target);
        assert.ok(await exists(target));
      });

      it("a table that is made after its time is dropped, and the run has failed", async () => {
        await slowIf("obj_description(c.objid, 'pg_class') LIKE 'Staging%'");
        const target = fresh();
        await assert.rejects(analyse(target), failure("TIMEOUT", /took too long/));
        assert.equal(await exists(target), false);
        await pause(1000);
        assert.deepEqual(await leftovers(), []);
      });

      it("Ctrl-C stops the command, which leaves nothing", async () => {
        await slowIf("true");
        carto.faults.timeoutMs = 5_000;
        const target = fresh();
        const command = ["dist/cli/main.js", "run", "moran_local", "--carto", carto.url, "--query", query];
        const rest = ["--params", JSON.stringify(params), "--target", target];
        const child = spawn(process.execPath, [...command, ...rest], {
          env: { ...process.env, CARTO_API_KEY: REGULAR_KEY },
          stdio: ["ignore", "ignore", "pipe"],
        });
        let said = "";
        child.stderr.on("data", (text: Buffer) => (said += text.toString()));
        const ended = once(child, "exit");
        const making = "SELECT FROM pg_stat_activity WHERE query LIKE 'CREATE TABLE%' AND state = 'active'";
        while ((await db.admin.query(making)).rowCount === 0) await pause(20);
        child.kill("SIGINT");
        assert.deepEqual(await ended, [1, null]);
        assert.match(said, /CANCELED: interrupted by SIGINT/);
        assert.equal(await exists(target), false);
      });

      it("a run that is stopped meanwhile leaves nothing, or has taken place", async () => {
        await slowIf("true");
        carto.faults.timeoutMs = 5_000;
        const stopped = new DriveshaftError("CANCELED", "stopped");
        for (const placing of [false, true]) {
          const target = fresh();
          const stop = new AbortController();
          const looking = setInterval(() => {
            if (carto.calls.includes("POST /copyfrom") !== placing) return;
            clearInterval(looking);
            setTimeout(() => stop.abort(stopped), 600);
          }, 20);
          const outcome = await analyse(target, {}, query, undefined, stop.signal).then(
            () => "ready",
            (error: unknown) => error,
          );
          clearInterval(looking);
          assert.equal(await exists(target), outcome === "ready");
          if (outcome !== "ready") assert.equal(outcome, stopped);
          carto.calls.length = 0;
          assert.deepEqual(await leftovers(), []);
        }
      });
    });

    it("CARTO that does not answer any more is CONNECTION_FAILED, and says what is not known", async () => {
      const client = cartoClient({ url: carto.url, apiKey: KEY });
      const sink = cartoSink(client, client, { schema: "public", name: fresh() }, false, byCopy(client), 300);
      carto.faults.hangUpOn = /^$/;
      const a = { type: "int4", values: new Int32Array() } as const;
      const table = { n: 0, key: [], columns: [{ name: "a", column: a }] };
      await assert.rejects(
        sink.write(table, {} as Summary, () => {}),
        failure("CONNECTION_FAILED", /does not say whether the target result_\d+ is in place/),
      );
    });

    it("a last step that fails leaves the former result as it was", async () => {
      const target = fresh();
      await analyse(target);
      const before = await tableBytes(db.analyst, `SELECT ${columns} FROM ${target}`);
      await db.analyst.query(`CREATE VIEW leaning AS SELECT * FROM ${target}`);
      await assert.rejects(analyse(target, { overwrite: true, seed: 2 }), failure("QUERY_FAILED", /depend/));
      assert.deepEqual(await tableBytes(db.analyst, `SELECT ${columns} FROM ${target}`), before);
      await db.analyst.query("DROP VIEW leaning");
    });

    it("what a run left that died is dropped by a later one", async () => {
      await db.analyst.query(`CREATE TABLE driveshaft_0123456789abcdef (a int);
        COMMENT ON TABLE driveshaft_0123456789abcdef IS 'Staging of Driveshaft: 2020-01-01T00:00:00Z'`);
      await analyse(fresh());
      assert.deepEqual(await leftovers(), []);
    });

    it("the URL of an account is checked, and needs TLS", () => {
      for (const url of [
        "alice",
        "http://alice.carto.com",
        "https://u:p@alice.carto.com",
        "https://alice.carto.com/?api_key=1",
      ]) {
        assert.throws(() => cartoClient({ url, apiKey: KEY }), failure("INVALID_PARAMETER", /is no URL of one/));
      }
    });
  });
});
