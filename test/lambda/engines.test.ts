import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { analyses } from "#dist/analyses/index.js";
import { gateway, type GatewayOptions } from "#dist/lambda/gateway.js";
import { functionsOf } from "#dist/lambda/functions.js";
import { invoker, type Invoker } from "#dist/lambda/invoke.js";
import { install } from "#dist/install/install.js";
import { failure } from "../support/assertions.js";
import { installAwsLambda } from "../support/aws-lambda.js";
import { ask, ended, run, status, until } from "../support/jobs.js";
import { startLambda, type LocalLambda } from "../support/lambda.js";
import { createDatabase, roles, type TestDatabase } from "../support/server.js";
import { tableBytes } from "../support/table-bytes.js";

const ARN = "arn:aws:lambda:eu-west-1:123456789012:function:driveshaft-test-";
const query = "SELECT id, x, y, v FROM places";
const params = { value: "v", x: "x", y: "y", weights: { type: "knn", k: 5 }, permutations: 999 };

describe("the engines on AWS Lambda", () => {
  let db: TestDatabase;
  let lambda: LocalLambda;
  let sdk: Invoker;
  let uninstallAws: () => Promise<void>;
  let stopWorker: () => Promise<void>;
  let tables = 0;
  const fresh = (): string => `result_${++tables}`;
  const lost: (() => void)[] = [];

  before(async function () {
    this.timeout(120_000);
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" });
    db = await createDatabase();
    lambda = await startLambda({
      DRIVESHAFT_DATABASE: db.url(roles.worker),
      DRIVESHAFT_CONNECTIONS: JSON.stringify({ [roles.analyst]: db.url(roles.analyst) }),
      DRIVESHAFT_FUNCTIONS: "driveshaft-test-*",
      DRIVESHAFT_LEASE: "15",
    });
    lambda.settings.environment.AWS_ENDPOINT_URL_LAMBDA = lambda.endpoint;
    sdk = await invoker({ region: "eu-west-1", endpoint: lambda.endpoint, attempts: 2 });
    uninstallAws = await installAwsLambda(db.admin, lambda.endpoint);
    await db.analyst.query(
      `CREATE TABLE places AS SELECT i AS id, i % 17 + i / 1e3 AS x, i % 13 + i / 1e4 AS y, (i * 7919) % 101 / 10.0 AS v FROM generate_series(1, 200) i`,
    );
    const functions = Object.fromEntries(analyses.map(({ name }) => [name, ARN + name]));
    await db.install({ engines: ["worker", "lambda", "aws_lambda"], functions });
    // a setting of the database holds for new sessions
    db = await db.reopen();
    stopWorker = await db.startWorker();
  });
  after(async () => {
    await stopWorker();
    for (const forget of lost) forget();
    sdk.end();
    await lambda.close();
    await db.close();
    await uninstallAws();
  });
  afterEach(() => {
    Object.assign(lambda.settings, { throttle: 0, lose: 0, deliveries: 1, missing: [], timeoutMs: 60_000 });
    lambda.calls.length = 0;
    lambda.answers.length = 0;
  });

  /** Asks as a job of the engine. */
  const asking = (engine: string, more: object = {}, text = query, target = fresh()): Promise<string> =>
    ask(db.analyst, "moran_local", text, { ...params, engine, ...more }, target);

  function startGateway(options: Partial<GatewayOptions> = {}): () => Promise<void> {
    const stop = new AbortController();
    const working = gateway({
      database: db.url(roles.worker),
      functions: functionsOf(lambda.functions),
      invoker: sdk,
      pollMs: 100,
      retryMs: 100,
      leaseMs: 15_000,
      analyses: ["moran_local", "kmeans"],
      signal: stop.signal,
      ...options,
    });
    working.catch(() => {});
    return async () => {
      stop.abort();
      await working;
    };
  }

  const sweep = (): Promise<unknown> => sdk.invoke("driveshaft-test-sweep", {}, "RequestResponse");

  async function bytesOf(client: pg.Client, job: string): Promise<Buffer> {
    const { target } = await status(client, job);
    return tableBytes(client, `SELECT * FROM ${target} ORDER BY id`);
  }

  describe("three ways", () => {
    it("give the same bytes: a worker, a gateway, and the database itself", async () => {
      const inProcess = await asking("worker");
      await until(db.analyst, inProcess, ({ state }) => state === "ready");
      const expected = await bytesOf(db.analyst, inProcess);

      const stop = startGateway();
      const invoked = await asking("lambda");
      await until(db.analyst, invoked, ({ state }) => state === "ready");
      await stop();
      assert.deepEqual(await bytesOf(db.analyst, invoked), expected);

      const told = await asking("aws_lambda");
      await until(db.analyst, told, ({ state }) => state === "ready");
      assert.deepEqual(await bytesOf(db.analyst, told), expected);
      assert.deepEqual(
        lambda.calls.map(({ name, type, event }) => [name, type, event]),
        [invoked, told].map((job) => ["moran_local", "Event", { job, analysis: "moran_local" }]),
      );
    });

    it("leave each other's jobs alone", async () => {
      const job = await asking("lambda");
      await pause(300);
      assert.equal((await status(db.analyst, job)).state, "pending");
      await db.analyst.query("SELECT cdb_cancel_analysis($1)", [job]);
    });

    it("are chosen by the job, else by its role, else by the installation", async () => {
      const engineOf = async (more: object): Promise<string> => {
        const job = await ask(db.analyst, "moran_local", query, { ...params, ...more }, fresh());
        const { rows } = await db.analyst.query<{ engine: string }>(
          "SELECT engine FROM driveshaft.jobs WHERE id = $1",
          [job],
        );
        await db.analyst.query("SELECT cdb_cancel_analysis($1)", [job]);
        return rows[0]!.engine;
      };
      assert.equal(await engineOf({}), "worker");
      await db.admin.query("INSERT INTO driveshaft.limits (role, engine) VALUES ($1, 'lambda')", [roles.analyst]);
      try {
        assert.equal(await engineOf({}), "lambda");
        assert.equal(await engineOf({ engine: "worker" }), "worker");
      } finally {
        await db.admin.query("DELETE FROM driveshaft.limits WHERE role = $1", [roles.analyst]);
      }
      await assert.rejects(engineOf({ engine: "aws" }), /engine aws is not in service here/);
    });
  });

  /** A query that reads nothing until it is let go on. */
  async function held(): Promise<{ text: string; letGo: () => Promise<unknown> }> {
    await db.admin.query("SELECT pg_advisory_lock(7)");
    return {
      text: "SELECT id, x, y, v, pg_advisory_xact_lock_shared(7) AS held FROM places",
      letGo: () => db.admin.query("SELECT pg_advisory_unlock(7)"),
    };
  }

  describe("an event", () => {
    it("is sent at COMMIT, and not at all after ROLLBACK", async () => {
      await db.analyst.query("BEGIN");
      await asking("aws_lambda");
      assert.equal(lambda.calls.length, 0);
      await db.analyst.query("ROLLBACK");
      assert.equal(lambda.calls.length, 0);
    });

    it("that is delivered three times runs the job once", async () => {
      lambda.settings.deliveries = 3;
      const job = await asking("aws_lambda");
      await until(db.analyst, job, ({ state }) => state === "ready");
      await lambda.idle();
      assert.equal(lambda.answers.length, 3);
      const { rows } = await db.analyst.query("SELECT * FROM cdb_analysis_attempts($1)", [job]);
      assert.equal(rows.length, 1);
    });

    it("that comes again after its job has ended changes nothing", async () => {
      const job = await asking("aws_lambda");
      await until(db.analyst, job, ({ state }) => state === "ready");
      await lambda.idle();
      const before = await status(db.analyst, job);
      const again = await sdk.invoke("driveshaft-test-moran_local", { job }, "RequestResponse");
      assert.deepEqual(again, { job, state: "ready" });
      assert.deepEqual(await status(db.analyst, job), before);
    });

    it("that comes before its transaction is committed waits for it a while", async () => {
      await db.analyst.query("BEGIN; SET CONSTRAINTS ALL IMMEDIATE");
      const job = await asking("aws_lambda");
      assert.equal(lambda.calls.length, 1);
      await pause(500);
      await db.analyst.query("COMMIT");
      await lambda.idle();
      assert.equal((await status(db.analyst, job)).state, "ready");
    });

    it("that came long before COMMIT is made up for by the sweep", async () => {
      await db.analyst.query("BEGIN; SET CONSTRAINTS ALL IMMEDIATE");
      const job = await asking("aws_lambda");
      await lambda.idle();
      assert.deepEqual(lambda.answers[0]!.result, { job, state: "unknown" });
      await db.analyst.query("COMMIT");
      assert.equal((await status(db.analyst, job)).state, "pending");
      // the sweep gives an event five minutes
      await db.admin.query("UPDATE driveshaft.jobs SET sent_at = sent_at - interval '5 min' WHERE id = $1", [job]);
      assert.deepEqual(await sweep(), { sent: 1, errors: [] });
      await lambda.idle();
      assert.equal((await status(db.analyst, job)).state, "ready");
    });

    it("that waits in the queue behind others is not sent again by the sweep; one that was lost is, ever less often", async () => {
      const sent = async (): Promise<number> => ((await sweep()) as { sent: number }).sent;
      const age = (minutes: number): Promise<unknown> =>
        db.admin.query(
          "UPDATE driveshaft.jobs SET sent_at = sent_at - make_interval(mins => $1) WHERE state <> 'ready'",
          [minutes],
        );
      const { text, letGo } = await held();
      const first = await asking("aws_lambda", {}, text);
      await until(db.analyst, first, ({ phase }) => phase === "read");
      lambda.settings.lose = 1;
      const behind = await asking("aws_lambda");
      await age(20);
      assert.equal(await sent(), 0);
      const told = JSON.parse(lambda.log.findLast((line) => line.includes("CloudWatchMetrics"))!) as Record<
        string,
        unknown
      >;
      assert.deepEqual([told.FunctionName, told.PendingJobs], ["driveshaft-test-sweep", 1]);
      await letGo();
      await until(db.analyst, first, ended);
      // nobody is at work on what was told of before: it was lost, as is what is sent now
      lambda.settings.lose = 1;
      assert.equal(await sent(), 1);
      await age(6);
      assert.equal(await sent(), 0);
      await age(5);
      assert.equal(await sent(), 1);
      await until(db.analyst, behind, ({ state }) => state === "ready");
      await lambda.idle();
    });

    it("is not sent while as many functions as may be are at work; the sweep sends it when there is room", async () => {
      const atMost = (n: number): Promise<unknown> =>
        db.admin.query("UPDATE driveshaft.settings SET value = to_jsonb($1::integer) WHERE name = 'in_flight'", [n]);
      await atMost(1);
      try {
        const { text, letGo } = await held();
        const first = await asking("aws_lambda", {}, text);
        const second = await asking("aws_lambda");
        assert.equal(lambda.calls.length, 1);
        assert.equal((await status(db.analyst, second)).phase, "waiting");
        const sweeping = sweep();
        await letGo();
        assert.deepEqual(await sweeping, { sent: 1, errors: [] });
        assert.equal((await until(db.analyst, first, ended)).state, "ready");
        assert.equal((await until(db.analyst, second, ended)).state, "ready");
        await lambda.idle();
      } finally {
        await atMost(100);
      }
    });

    it("whose function finds no connection left waits for one, and does not fail", async () => {
      const working = "SELECT FROM pg_stat_activity WHERE usename = $1 AND application_name = 'driveshaft worker'";
      while ((await db.admin.query(working, [roles.worker])).rowCount === 0) await pause(50);
      await db.admin.query(`ALTER ROLE ${roles.worker} CONNECTION LIMIT 0`);
      const job = await asking("aws_lambda");
      try {
        await pause(2000);
        assert.equal((await status(db.analyst, job)).state, "pending");
      } finally {
        await db.admin.query(`ALTER ROLE ${roles.worker} CONNECTION LIMIT -1`);
      }
      await until(db.analyst, job, ({ state }) => state === "ready");
      await lambda.idle();
      assert.deepEqual(
        lambda.answers.map(({ result }) => result),
        [{ job, state: "ready" }],
      );
    });

    it("of a job that was rolled back after all finds none", async () => {
      await db.analyst.query("BEGIN; SET CONSTRAINTS ALL IMMEDIATE");
      const job = await asking("aws_lambda");
      await db.analyst.query("ROLLBACK");
      await lambda.idle();
      assert.deepEqual(lambda.answers[0]!.result, { job, state: "unknown" });
    });

    it("that gets lost, or cannot be sent, is made up for by the sweep; the session hears of it in a warning", async () => {
      const warnings: string[] = [];
      const listen = ({ message }: { message?: string | undefined }): void => void warnings.push(message ?? "");
      db.analyst.on("notice", listen);
      lambda.settings.throttle = 1;
      const job = await asking("aws_lambda");
      db.analyst.off("notice", listen);
      assert.match(warnings.join(), /waits for the sweep, as its function could not be told: invoke API failed/);
      assert.equal((await status(db.analyst, job)).state, "pending");
      assert.deepEqual(await sweep(), { sent: 1, errors: [] });
      await lambda.idle();
      assert.equal((await status(db.analyst, job)).state, "ready");
    });

    it("finds its job in any order of delivery", async () => {
      lambda.settings.lose = 3;
      const jobs = [await asking("aws_lambda"), await asking("aws_lambda"), await asking("aws_lambda")];
      for (const job of jobs.toReversed()) {
        assert.deepEqual(await sdk.invoke("driveshaft-test-moran_local", { job }, "RequestResponse"), {
          job,
          state: "ready",
        });
      }
    });
  });

  describe("a function", () => {
    it("that is killed in the middle of COPY loses its job to the sweep, which has it done again", async () => {
      const job = await asking("aws_lambda", {}, "SELECT id, x, y, v, pg_sleep(0.01) AS nap FROM places");
      await until(db.analyst, job, ({ phase }) => phase === "read");
      lambda.settings.deliveries = 1;
      await lambda.kill("moran_local");
      await db.admin.query("UPDATE driveshaft.progress SET lease_until = '-infinity' WHERE job = $1", [job]);
      await sweep();
      await lambda.idle();
      const { state } = await until(db.analyst, job, ended);
      assert.equal(state, "ready");
      const { rows } = await db.analyst.query<{ error_code: string | null }>(
        "SELECT * FROM cdb_analysis_attempts($1)",
        [job],
      );
      assert.deepEqual(
        rows.map((row) => row.error_code),
        ["WORKER_LOST", null],
      );
    });

    it("whose time runs out in the middle of COPY ends its job with TIMEOUT, and says how far it had come", async () => {
      lambda.settings.timeoutMs = 2500;
      const job = await asking("aws_lambda", {}, "SELECT id, x, y, v, pg_sleep(0.05) AS nap FROM places");
      const { state, error_code, error_message, error_hint } = await until(db.analyst, job, ended);
      assert.deepEqual([state, error_code], ["failed", "TIMEOUT"]);
      assert.match(error_message!, /the function's [23] s ran out in the phase read, with \d+ % done/);
      assert.match(error_hint!, /more memory.*fewer rows or permutations.*worker/);
      await lambda.idle();
      const { rows } = await db.admin.query(
        "SELECT FROM pg_stat_activity WHERE usename = $1 AND query LIKE 'COPY%' AND state = 'active'",
        [roles.analyst],
      );
      assert.equal(rows.length, 0);
    });

    it("of another analysis refuses a job, in its row", async () => {
      lambda.settings.lose = 1;
      const job = await asking("aws_lambda");
      await sdk.invoke("driveshaft-test-kmeans", { job }, "RequestResponse");
      const { error_code, error_message } = await status(db.analyst, job);
      assert.equal(error_code, "INVALID_EVENT");
      assert.match(error_message!, /the job asks for moran_local, but the function of kmeans got it/);
    });

    it("without credentials for the requester leaves its job waiting", async () => {
      const other = await db.open(roles.other);
      const job = await ask(other, "moran_local", "SELECT 1 AS id, 2 AS x, 3 AS y, 4 AS v", {
        ...params,
        engine: "aws_lambda",
      });
      await lambda.idle();
      assert.deepEqual(lambda.answers[0]!.result, { job, state: "pending" });
      await other.query("SELECT cdb_cancel_analysis($1)", [job]);
      await other.end();
    });

    it("answers a wrong event with a code and a message, without a stack", async () => {
      const invoke = (event: unknown): Promise<unknown> =>
        sdk.invoke("driveshaft-test-moran_local", event, "RequestResponse");
      await assert.rejects(invoke({ jobs: 1 }), failure("INVALID_EVENT", /^event/));
      await assert.rejects(invoke({ job: "seven" }), failure("INVALID_EVENT", /event\.job: Invalid UUID/));
      await assert.rejects(invoke([1]), failure("INVALID_EVENT", /not an object/));
      await assert.rejects(
        invoke({ job: "00000000-0000-4000-8000-000000000000", analysis: "kmeans" }),
        failure("INVALID_EVENT", /asks for kmeans, this function is moran_local/),
      );
      const answered = lambda.answers.map(({ result }) => (result as { error: { code: string } }).error.code);
      assert.deepEqual(new Set(answered), new Set(["INVALID_EVENT"]));
    });

    it("that fails without a job raises, without a stack", async () => {
      const event = {
        analysis: "moran_local",
        query: "SELECT 1 AS id",
        params,
        target: fresh(),
        connection: roles.analyst,
      };
      await assert.rejects(
        sdk.invoke("driveshaft-test-moran_local", event, "RequestResponse"),
        failure("MISSING_COLUMN", /there is no column "v"/),
      );
      assert.deepEqual(lambda.answers[0]!.error!.trace, []);
    });

    it("runs an analysis without a job, by the name of a role whose credentials it has", async () => {
      const target = fresh();
      const event = { analysis: "moran_local", query, params, target, connection: roles.analyst };
      const answer = (await sdk.invoke("driveshaft-test-moran_local", event, "RequestResponse")) as {
        state: string;
        summary: { rows: object };
      };
      assert.equal(answer.state, "ready");
      assert.deepEqual(answer.summary.rows, { read: 200, used: 200, undefined: 0 });
      const { rows } = await db.analyst.query(`SELECT FROM ${target}`);
      assert.equal(rows.length, 200);
      await assert.rejects(
        sdk.invoke("driveshaft-test-moran_local", event, "RequestResponse"),
        failure("TARGET_EXISTS", /exists already/),
      );
    });

    it("never logs a password or key of an event, and AWS never keeps it", async () => {
      const secret = "hunter2hunter2";
      const event = { analysis: "moran_local", query, params, target: "t" };
      for (const place of [
        { connection: `postgres://me:${secret}@host/db` },
        { connection: [secret] },
        { carto: { username: "me", api_key: secret, host: "http://127.0.0.1:9" } },
        { carto: secret },
      ]) {
        await assert.rejects(
          sdk.invoke("driveshaft-test-moran_local", { ...event, ...place }, "RequestResponse"),
          (error: Error) => {
            failure("INVALID_EVENT", /./)(error);
            return !JSON.stringify([error, error.message]).includes(secret);
          },
        );
        // handed over, it is neither tried again nor kept
        await sdk.invoke("driveshaft-test-moran_local", { ...event, ...place }, "Event");
      }
      await lambda.idle();
      assert.deepEqual(lambda.failures, []);
      assert.equal(lambda.answers.length, 8);
      assert.doesNotMatch(lambda.log.join("\n"), new RegExp(secret));
    });
  });

  describe("a gateway", () => {
    it("looks for the functions and the right to invoke them before it starts", async () => {
      lambda.settings.missing = ["kmeans"];
      await assert.rejects(startGateway()(), failure("INVOKE_FAILED", /driveshaft-test-kmeans is not there/));
    });

    it("waits for the end of each job where it is told to", async () => {
      const ends: unknown[] = [];
      const stop = startGateway({ type: "RequestResponse", onEnd: (_, answer) => ends.push(answer) });
      const job = await asking("lambda");
      await until(db.analyst, job, ({ state }) => state === "ready");
      await stop();
      assert.deepEqual(ends, [{ job, state: "ready" }]);
    });

    it("sends a throttled job again, until it is taken", async () => {
      lambda.settings.throttle = 5;
      const errors: string[] = [];
      const stop = startGateway({ onError: (_, message) => errors.push(message) });
      const job = await asking("lambda");
      await until(db.analyst, job, ({ state }) => state === "ready");
      await stop();
      assert.match(errors[0]!, /RATE_LIMITED: AWS Lambda throttles the function/);
    });

    it("fails a job whose function is not there any more", async () => {
      const stop = startGateway();
      await pause(300);
      lambda.settings.missing = ["moran_local"];
      const { state, error_code, error_message } = await until(db.analyst, await asking("lambda"), ended);
      await stop();
      assert.deepEqual([state, error_code], ["failed", "INVOKE_FAILED"]);
      assert.match(error_message!, /driveshaft-test-moran_local is not there/);
    });

    it("has no more jobs in flight than it may", async () => {
      const stop = startGateway({ most: 2 });
      const jobs = [];
      for (let i = 0; i < 6; i++) jobs.push(await asking("lambda", {}, `${query} WHERE pg_sleep(0.001) IS NOT NULL`));
      let most = 0;
      for (const job of jobs) {
        await until(db.analyst, job, (now) => ended(now));
        const { rows } = await db.admin.query<{ running: number }>(
          "SELECT count(*)::int AS running FROM driveshaft.jobs WHERE engine = 'lambda' AND state = 'running'",
        );
        most = Math.max(most, rows[0]!.running);
      }
      await stop();
      assert.ok(most <= 2, `${most} were running`);
    });
  });

  describe("an invocation", () => {
    it("refuses events above 1 MB, and above 6 MB where the answer is waited for, before they are sent", async () => {
      const event = (bytes: number): object => ({ query: "x".repeat(bytes) });
      const send = (bytes: number, type: "Event" | "RequestResponse"): Promise<unknown> =>
        sdk.invoke("driveshaft-test-kmeans", event(bytes), type);
      await assert.rejects(send(1_048_576, "Event"), failure("INVOKE_FAILED", /takes 1048576/));
      await assert.rejects(send(6_291_456, "RequestResponse"), failure("INVOKE_FAILED", /takes 6291456/));
      assert.equal(lambda.calls.length, 0);
      await assert.rejects(send(1_048_576, "RequestResponse"), failure("INVALID_EVENT", /event/));
    });

    it("says that a function was killed or timed out", async () => {
      lambda.settings.killAfterMs = 100;
      const event = {
        analysis: "moran_local",
        query: "SELECT pg_sleep(20)::text AS id, 1 AS x, 1 AS y, 1 AS v",
        params,
        target: fresh(),
        connection: roles.analyst,
      };
      const invoke = (): Promise<unknown> => sdk.invoke("driveshaft-test-moran_local", event, "RequestResponse");
      await assert.rejects(invoke(), failure("INVOKE_FAILED", /failed: Runtime exited with error: signal: killed/));
    });

    it("says when nobody answers", async () => {
      const nowhere = await invoker({ region: "eu-west-1", endpoint: "http://127.0.0.1:9", attempts: 1 });
      await assert.rejects(nowhere.invoke("f", {}, "Event"), failure("INVOKE_FAILED", /could not be invoked/));
      nowhere.end();
    });
  });

  it("need the extension and a function for each analysis before aws_lambda is in service", async () => {
    const bare = await createDatabase();
    await assert.rejects(
      install(bare.admin, { engines: ["aws_lambda"] }),
      failure("INVALID_PARAMETER", /needs the extension/),
    );
    await bare.admin.query(
      "CREATE SCHEMA aws_lambda; CREATE FUNCTION aws_lambda.invoke() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    );
    await assert.rejects(
      install(bare.admin, { engines: ["aws_lambda"], functions: { kmeans: `${ARN}kmeans` } }),
      failure("INVALID_PARAMETER", /has no functions for .*moran/),
    );
    await assert.rejects(
      install(bare.admin, { engines: ["aws_lambda"], functions: { kmeans: "kmeans" } }),
      failure("INVALID_PARAMETER", /the function of kmeans is "kmeans"/),
    );
    await install(bare.admin, { inFlight: 7 });
    await install(bare.admin);
    assert.deepEqual((await bare.admin.query("SELECT driveshaft.in_flight() AS most")).rows, [{ most: 7 }]);
    await bare.close();
  });

  it("run analyses of every shape: in groups, of many variables, with a further table, on cells of a library's", async () => {
    const at = { x: "x", y: "y" };
    const jobs: [analysis: string, params: object, rows: number][] = [
      ["rates", { ...at, events: "v", base: "base" }, 200],
      ["mean_center", { ...at, by: ["part"] }, 2],
      ["moran_local", { ...at, values: ["v", "base"] }, 400],
      ["nearest", { ...at, targets: "SELECT id, x, y FROM places WHERE id <= 3" }, 200],
      ["hot_spots", { ...at, cells: { type: "h3", resolution: 3 } }, 0],
    ];
    const text = "SELECT id, x, y, v, 10 + id % 3 AS base, id % 2 AS part FROM places";
    for (const [analysis, params, expected] of jobs) {
      const { state, error_message, target } = await run(
        db.analyst,
        analysis,
        text,
        { engine: "aws_lambda", ...params },
        fresh(),
      );
      assert.equal(state, "ready", `${analysis}: ${error_message}`);
      const { rowCount } = await db.analyst.query(`SELECT FROM ${target}`);
      if (expected > 0) assert.equal(rowCount, expected, analysis);
    }
  });
});
