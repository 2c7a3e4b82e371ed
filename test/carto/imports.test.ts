import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { findAnalysis } from "#dist/analyses/index.js";
import { withCarto, type CartoResult } from "#dist/carto/direct.js";
import { cartoImports } from "#dist/carto/imports.js";
import type { Summary } from "#dist/compute/summary.js";
import type { DriveshaftError } from "#dist/errors.js";
import { runJob } from "#dist/job/job.js";
import { failure } from "../support/assertions.js";
import { cartodbfy, KEY, REGULAR_KEY, reset, startCarto, type CartoServer } from "../support/carto.js";
import { createDatabase, roles, type TestDatabase } from "../support/server.js";
import { tableBytes } from "../support/table-bytes.js";

const query = "SELECT cartodb_id, x, y, v, name FROM places";
const params = { value: "v", x: "x", y: "y", weights: { type: "knn", k: 5 }, permutations: 99 };

describe("publishing on CARTO by the Import API", () => {
  let db: TestDatabase;
  let carto: CartoServer;
  let tables = 0;
  const fresh = (): string => `imported_${++tables}`;

  before(async () => {
    db = await createDatabase();
    carto = await startCarto(db.url(roles.analyst));
    await db.analyst.query(cartodbfy);
    await db.analyst.query(
      `CREATE TABLE places AS SELECT i AS cartodb_id, i % 17 + i / 1e3 AS x, i % 13 + i / 1e4 AS y, (i * 7919) % 101 / 10.0 AS v,
              CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE E'ü,"x";\\n1e5' || i END AS name FROM generate_series(1, 300) i`,
    );
  });
  after(async () => {
    await carto.close();
    await db.close();
  });
  afterEach(async () => {
    reset(carto);
    const { rows } = await db.analyst.query(
      "SELECT relname FROM pg_class WHERE relname ~ '^driveshaft_' AND relkind = 'r'",
    );
    assert.deepEqual(rows, []);
  });

  interface Run {
    more?: object;
    text?: string;
    publish?: CartoResult["publish"];
    key?: string;
    signal?: AbortSignal;
    progress?: (phase: string, share: number) => void;
  }

  async function analyse(
    target: string,
    { more, text = query, publish = "import", ...rest }: Run = {},
  ): Promise<Summary> {
    const { key = KEY, signal = new AbortController().signal, progress } = rest;
    const parameters = { ...params, ...more };
    const result = { target, overwrite: "overwrite" in parameters && parameters.overwrite === true, publish };
    let summary: Summary | undefined;
    await withCarto({ url: carto.url, apiKey: key }, text, result, signal, async (source, sink) => {
      summary = await runJob({ analysis: findAnalysis("moran_local"), parameters }, source, sink!, progress, signal);
    });
    return summary!;
  }

  const exists = async (name: string): Promise<boolean> =>
    (await db.analyst.query<{ there: boolean }>("SELECT to_regclass($1) IS NOT NULL AS there", [name])).rows[0]!.there;

  const whole = (name: string): Promise<Buffer> => tableBytes(db.analyst, `SELECT * FROM ${name} ORDER BY cartodb_id`);

  it("makes the table that the SQL API makes, byte by byte, with its types, nulls and texts", async () => {
    const [bySql, byImport] = [fresh(), fresh()];
    const columns = `v::real AS r, (v * 1e20)::numeric AS n, cartodb_id * 9007199254740993 AS big, cartodb_id % 2 = 0 AS even,
                     md5(cartodb_id::text)::uuid AS u, json_build_object('a', name) AS j, jsonb_build_object('a', name) AS jb, decode(md5(name), 'hex') AS b`;
    const text = `SELECT cartodb_id, x, y, v, name AS "Its Name", ${columns} FROM places`;
    const more = { include: ["Its Name", "r", "n", "big", "even", "u", "j", "jb", "b"] };
    await analyse(bySql, { text, more, publish: "sql" });
    const shares: number[] = [];
    await analyse(byImport, { text, more, progress: (phase, share) => phase === "write" && shares.push(share) });
    assert.deepEqual(await whole(byImport), await whole(bySql));
    assert.deepEqual(
      shares,
      shares.toSorted((a, b) => a - b),
    );
    assert.equal(shares.at(-1), 1);
    const { fields, filename, streamed } = carto.imports.at(-1);
    assert.deepEqual(fields, {
      type_guessing: "false",
      quoted_fields_guessing: "false",
      content_guessing: "false",
      create_vis: "false",
      collision_strategy: "skip",
    });
    assert.match(filename, /^driveshaft_[0-9a-f]{16}_import\.csv$/);
    assert.ok(streamed);
  });

  it("is an option of the command line", async function () {
    this.timeout(120_000);
    const target = fresh();
    const run = (...more: string[]): Promise<{ stdout: string }> =>
      promisify(execFile)(
        process.execPath,
        ["dist/cli/main.js", "run", "moran_local", "--query", query, "--params", JSON.stringify(params), ...more],
        { env: { ...process.env, CARTO_API_KEY: KEY } },
      );
    const { stdout } = await run("--carto", carto.url, "--target", target, "--publish", "import");
    assert.match(stdout, /300 of 300 rows used/);
    assert.ok(await exists(target));
    assert.equal(carto.calls.filter((call) => call === "POST /imports").length, 1);
    await assert.rejects(
      run("--carto", carto.url, "--target", "t", "--publish", "copy"),
      /INVALID_PARAMETER: --publish is "copy", expected sql or import/,
    );
    await assert.rejects(run("--publish", "import"), /INVALID_PARAMETER: --publish goes with --carto and --target/);
  });

  it("takes ids of other types, results without rows, and the rows in steps", async () => {
    const target = fresh();
    await analyse(target, { text: "SELECT x, y, v, 'ü' || cartodb_id AS id FROM places", more: { id: "id" } });
    const { rows } = await db.analyst.query(
      `SELECT count(*)::int AS n FROM ${target} t JOIN places p ON t.id = 'ü' || p.cartodb_id AND t.value = p.v`,
    );
    assert.deepEqual(rows, [{ n: 300 }]);
    await assert.rejects(db.analyst.query(`INSERT INTO ${target} (id) VALUES ('ü1')`), /duplicate key/);
    const many = fresh();
    const text = "SELECT i AS cartodb_id, sin(i) AS x, cos(7 * i) AS y, i % 101 AS v FROM generate_series(1, 25000) i";
    await analyse(many, { text, more: { permutations: 0 } });
    const counted = await db.analyst.query(`SELECT count(*)::int AS n, max(cartodb_id) AS last FROM ${many}`);
    assert.deepEqual(counted.rows, [{ n: 25_000, last: 25_000 }]);
    assert.ok(carto.imports.at(-1).pieces > 4);
    const none = fresh();
    await analyse(none, { more: { only: "significant", significance: 0.0001 } });
    assert.ok(await exists(none));
  });

  it("replaces a result of ours where that is asked for, whatever its columns were", async () => {
    const target = fresh();
    await analyse(target, { more: { include: ["name"] } });
    await assert.rejects(analyse(target), failure("TARGET_EXISTS", /exists already/));
    await analyse(target, { more: { overwrite: true, seed: 2 } });
    const { fields } = await db.analyst.query(`SELECT * FROM ${target} LIMIT 0`);
    assert.ok(!fields.some(({ name }) => name === "name"));
  });

  it("is refused before anything is computed where the key is not the master key, or a type does not fit", async () => {
    await assert.rejects(analyse(fresh(), { key: REGULAR_KEY }), (error: DriveshaftError) => {
      failure("ACCESS_DENIED", /the key may not import/)(error);
      return error.hint!.includes("master key");
    });
    assert.ok(!carto.calls.includes("POST /copyto"));
    for (const type of ["date", "integer[]"]) {
      const text = `SELECT cartodb_id, x, y, v, NULL::${type} AS d FROM places`;
      await assert.rejects(
        analyse(fresh(), { text, more: { include: ["d"] } }),
        failure("WRONG_COLUMN_TYPE", /the column "d" is of type .*, which an import does not carry/),
      );
    }
    assert.ok(!carto.calls.includes("POST /imports"));
  });

  describe("when an import", () => {
    for (const [number, code, message] of [
      [1014, "TARGET_INVALID", /code 1014/],
      [2001, "WRITE_FAILED", /the import has failed, code 2001: Unknown: Please contact us/],
      [6667, "TIMEOUT", /code 6667/],
      [6668, "QUOTA_EXCEEDED", /code 6668/],
      [6669, "RATE_LIMITED", /code 6669/],
      [8001, "QUOTA_EXCEEDED", /code 8001: Over account storage limit/],
      [99999, "WRITE_FAILED", /code 99999/],
    ] as const) {
      it(`fails with code ${number}, it is ${code}, and nothing is left`, async () => {
        carto.faults.importFails = number;
        const target = fresh();
        await assert.rejects(analyse(target), failure(code, message));
        assert.equal(await exists(target), false);
      });
    }

    it("loses rows, it is WRITE_FAILED, and nothing is left", async () => {
      carto.faults.importLoses = 1;
      const target = fresh();
      await assert.rejects(analyse(target), failure("WRITE_FAILED", /imported 299 of 300 rows/));
      assert.equal(await exists(target), false);
    });

    it("cannot be looked at for a while, it is waited for", async () => {
      carto.faults.importMisses = 2;
      const target = fresh();
      await analyse(target);
      assert.ok(await exists(target));
    });

    it("cannot be looked at any more, it is CONNECTION_FAILED", async () => {
      const imports = cartoImports({ url: carto.url, apiKey: KEY }, {}, { from: 5, to: 5 });
      carto.faults.importFails = 2001;
      const id = await imports.start("looked_at", [Buffer.from("c0\n1\n")]);
      carto.faults.importMisses = 11;
      await assert.rejects(
        imports.finished(id, () => {}),
        failure("CONNECTION_FAILED", /the connection to .* failed/),
      );
    });

    it("is not waited for any more, its table goes when it has ended", async () => {
      const stop = new AbortController();
      const target = fresh();
      const running = analyse(target, { signal: stop.signal });
      running.catch(() => {});
      while (!carto.calls.some((call) => call.startsWith("GET /imports/"))) await pause(20);
      stop.abort();
      await assert.rejects(running, { name: "AbortError" });
      assert.equal(await exists(target), false);
    });

    it("goes on, it is told how far it has come", async () => {
      const imports = cartoImports({ url: carto.url, apiKey: KEY }, {}, { from: 5, to: 5 });
      const shares: number[] = [];
      const id = await imports.start("driveshaft_watched", [Buffer.from("c0\n1\n")]);
      assert.equal(await imports.finished(id, (share) => shares.push(share)), "driveshaft_watched");
      await db.analyst.query("DROP TABLE driveshaft_watched");
      assert.deepEqual(
        shares,
        shares.toSorted((a, b) => a - b),
      );
      assert.ok(shares.some((share) => share > 0 && share < 1));
    });

    it("was left by a run that died, its table is dropped by a later one", async () => {
      await db.analyst.query(`CREATE TABLE driveshaft_0123456789abcdef_import (c0 text);
        INSERT INTO CDB_TableMetadata VALUES ('driveshaft_0123456789abcdef_import', '2020-01-01')`);
      await analyse(fresh());
    });
  });
});
