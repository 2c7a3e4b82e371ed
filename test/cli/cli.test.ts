import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { genericName } from "#dist/analyses/analysis.js";
import { analyses, findAnalysis } from "#dist/analyses/index.js";
import { textOf } from "#dist/cli/analyses.js";
import { fixturePath } from "../support/fixtures.js";
import { createDatabase, roles } from "../support/server.js";

const main = fileURLToPath(import.meta.resolve("#dist/cli/main.js"));

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

function driveshaft(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], {
      env: { ...process.env, DATABASE_URL: "", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.on("error", reject).on("close", (code) => resolve({ code, out, err }));
  });
}

describe("the command line", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "driveshaft-cli-"));
  });
  after(() => rm(folder, { recursive: true }));

  const columbus = fixturePath("columbus.geojson");

  it("runs an analysis from file to file, quiet but for a summary, and exits with 0", async () => {
    const output = path.join(folder, "out.csv");
    const { code, out, err } = await driveshaft([
      "run",
      "moran_local",
      columbus,
      "--params",
      '{"value":"CRIME"}',
      "--output",
      output,
    ]);
    assert.equal(code, 0, err);
    assert.match(out, /^moran_local: 49 of 49 rows used\n/);
    assert.doesNotMatch(err, /\r/);
    assert.equal((await readFile(output, "utf8")).split("\n").length, 51);
  });

  it("leaves no half of a file, and what stood there, when it is interrupted while it writes", async () => {
    const input = path.join(folder, "many.csv");
    await writeFile(
      input,
      ["id,x,y", ...Array.from({ length: 100_000 }, (_, i) => `${i},${i % 547},${i % 1009}`)].join("\n"),
    );
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const kept = await mkdtemp(path.join(folder, "kept-"));
      await writeFile(path.join(kept, "out.csv"), "old");
      const params = '{"k":2,"x":"x","y":"y","n_init":1}';
      const args = ["run", "kmeans", input, "--params", params, "--output", path.join(kept, "out.csv")];
      const child = spawn(process.execPath, [main, ...args], { stdio: "ignore" });
      const ended = once(child, "exit");
      while ((await readdir(kept)).length < 2) assert.equal(child.exitCode, null);
      child.kill(signal);
      assert.deepEqual(await ended, [1, null]);
      assert.deepEqual(await readdir(kept), ["out.csv"]);
      assert.equal(await readFile(path.join(kept, "out.csv"), "utf8"), "old");
    }
  });

  it("ends in silence when nobody reads what it prints any more", async () => {
    const child = spawn(process.execPath, [main, "analyses"], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.destroy();
    let err = "";
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    assert.deepEqual([await once(child, "close"), err], [[0, null], ""]);
  });

  it("ends at its memory limit while it reads a file, and not far above", async function () {
    // the memory of a process has to be asked of Linux
    if (process.platform !== "linux") this.skip();
    const points = Array.from(
      { length: 400_000 },
      (_, i) => [i % 640, Math.floor(i / 640), (i * 7919) % 1009] as const,
    );
    const csv = path.join(folder, "many.csv");
    await writeFile(csv, `id,x,y,v\n${points.map(([x, y, v], i) => `${i},${x},${y},${v}`).join("\n")}\n`);
    const geojson = path.join(folder, "many.geojson");
    const features = points.map(([x, y, v]) => ({
      type: "Feature",
      properties: { v },
      geometry: { type: "Point", coordinates: [x, y] },
    }));
    await writeFile(geojson, JSON.stringify({ type: "FeatureCollection", features }));
    const atEnd = `import { readFileSync } from "node:fs";
      process.on("exit", () => process.stderr.write(/VmHWM.*/.exec(readFileSync("/proc/self/status", "utf8"))[0]));`;
    for (const [file, params] of [
      [csv, { value: "v", x: "x", y: "y" }],
      [geojson, { value: "v" }],
    ] as const) {
      const { code, err } = await driveshaft(
        ["run", "moran", file, "--params", JSON.stringify({ ...params, permutations: 9, memory_limit: 100 })],
        { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(atEnd)}` },
      );
      assert.equal(code, 1, err);
      assert.match(err, /driveshaft: OUT_OF_MEMORY: /);
      const peak = Number(/VmHWM:\s*(\d+) kB/.exec(err)![1]) / 1024;
      assert.ok(peak < 240, `${file}: ${peak} MB`);
    }
  });

  it("takes weights from a file of GeoDa or PySAL", async () => {
    const file = path.join(folder, "chain.gal");
    // each polygon with the next
    const chain = Array.from({ length: 48 }, (_, i) => `${i + 1} 1\n${i + 2}\n`).join("");
    await writeFile(file, `0 49 columbus id\n${chain}49 0\n\n`);
    const run = (analysis: string, ...more: string[]): Promise<Ended> =>
      driveshaft(["run", analysis, columbus, "--weights", file, "--json", ...more]);
    const { out, err } = await run("moran", "--params", '{"value":"CRIME"}');
    const { weights } = JSON.parse(out || err) as { weights: object };
    assert.deepEqual(weights, { type: "file", transform: "R", pairs: 48, islands: 1 });
    const twice = await run("moran", "--params", '{"value":"CRIME","weights":{"type":"queen"}}');
    assert.match(twice.err, /INVALID_PARAMETER: --weights does not go with the parameter weights/);
    const none = await run("kmeans", "--params", '{"k":2}');
    assert.match(none.err, /INVALID_PARAMETER: kmeans takes no weights/);
    const other = await driveshaft(["run", "moran", columbus, "--weights", columbus, "--params", '{"value":"CRIME"}']);
    assert.match(other.err, /INVALID_FILE: .*expected .gal, .gwt or .kwt/);
  });

  it("computes on as many threads as it is told, to the same result", async () => {
    const run = (threads: string): Promise<Ended> => {
      const params = '{"value":"CRIME","permutations":999999}';
      return driveshaft(["run", "moran", columbus, "--params", params, "--threads", threads, "--json"]);
    };
    const [one, three] = (await Promise.all([run("1"), run("3")])).map(
      ({ out, err }) => JSON.parse(out || err) as { p_sim: number; times: unknown },
    );
    assert.ok(one!.p_sim > 0);
    assert.deepEqual({ ...three, times: undefined }, { ...one, times: undefined });
    const { code, err } = await run("0");
    assert.equal(code, 1);
    assert.match(err, /INVALID_PARAMETER: --threads is 0, expected a whole number from 1 to 64/);
  });

  it("prints the summary as JSON", async () => {
    const { out } = await driveshaft(["run", "moran", columbus, "--params", '{"value":"CRIME"}', "--json"]);
    const summary = JSON.parse(out) as { i: number; rows: { used: number } };
    assert.ok(Math.abs(summary.i - 0.500188557182861) < 1e-12);
    assert.equal(summary.rows.used, 49);
  });

  const failures: [title: string, args: string[], message: RegExp][] = [
    ["an unknown command", ["wroker"], /INVALID_PARAMETER: there is no command "wroker"\nDid you mean worker\?/],
    ["an unknown analysis", ["run", "moran_lokal", columbus], /UNKNOWN_ANALYSIS.*\nDid you mean moran_local\?/],
    ["an unknown option", ["run", "--ouput", "x"], /Unknown option '--ouput'/],
    [
      "an unknown parameter",
      ["run", "moran", columbus, "--params", '{"valeu":"CRIME"}'],
      /UNKNOWN_PARAMETER: moran: params has no parameter "valeu"\nDid you mean value\?/,
    ],
    ["a missing parameter", ["run", "moran", columbus], /INVALID_PARAMETER: moran: params.value is missing/],
    ["parameters that are not JSON", ["run", "moran", columbus, "--params", "{"], /--params is not JSON/],
    [
      "a missing column",
      ["run", "moran", columbus, "--params", '{"value":"CRIM"}'],
      /MISSING_COLUMN: there is no column "CRIM".*\nthe columns are: geometry, .*CRIME/,
    ],
    ["no source", ["run", "moran"], /neither a file nor --query is given/],
    [
      "an ending it cannot write",
      ["run", "moran", columbus, "--params", '{"value":"CRIME"}', "--output", "x.xls"],
      /the ending is \.xls, expected \.csv/,
    ],
    ["no database", ["status"], /no database is given\nUse --database/],
    [
      "an unreachable database",
      ["status", "--database", "postgres://me:secret@127.0.0.1:9/none"],
      /CONNECTION_FAILED: cannot connect to postgres:\/\/me@127\.0\.0\.1:9\/none: .*ECONNREFUSED/,
    ],
    [
      "a worker without connections",
      ["worker", "--database", "postgres://me@127.0.0.1:9/none"],
      /no connections are given/,
    ],
  ];
  for (const [title, args, message] of failures) {
    it(`exits with 1 and says why for ${title}`, async () => {
      const { code, err } = await driveshaft(args);
      assert.equal(code, 1);
      assert.match(err, message);
      assert.doesNotMatch(err, /secret|\n +at /);
    });
  }

  it("has help from the declarations for every command and analysis", async () => {
    const { out } = await driveshaft(["--help"]);
    for (const command of ["run", "install", "worker", "status", "analyses", "demo"]) {
      assert.match(out, new RegExp(`\\n {2}${command} `));
      assert.match((await driveshaft([command, "--help"])).out, new RegExp(`^driveshaft ${command} `));
    }
    assert.equal((await driveshaft(["analyses", "nearest"])).out, textOf(findAnalysis("nearest")));
    for (const analysis of analyses) {
      const page = textOf(analysis);
      for (const name of [...Object.keys(analysis.parameters.shape), ...analysis.columns.map(genericName)]) {
        assert.match(page, new RegExp(`\\n {2}${name} `));
      }
    }
  });

  it("installs, runs from query to table, shows jobs, and leaves nothing where it fails", async () => {
    const db = await createDatabase();
    try {
      const installed = await driveshaft(["install", "--worker", roles.worker], { DATABASE_URL: db.url() });
      assert.equal(installed.code, 0, installed.err);
      assert.match(
        installed.err,
        /^driveshaft: warning: analyst, other may create in .*: REVOKE CREATE ON SCHEMA public FROM analyst, other\n$/,
      );
      await db.analyst.query(
        "CREATE TABLE p AS SELECT g AS id, (g * 7) % 10 AS x, (g * 3) % 8 AS y FROM generate_series(1, 40) g",
      );
      const env = { DATABASE_URL: db.url(roles.analyst) };
      const args = [
        "run",
        "kmeans",
        "--query",
        "SELECT * FROM p",
        "--params",
        '{"k":3,"x":"x","y":"y"}',
        "--target",
        'public."K means"',
      ];
      const { code, err } = await driveshaft(args, env);
      assert.equal(code, 0, err);
      assert.equal((await db.analyst.query('SELECT FROM "K means"')).rowCount, 40);
      const again = await driveshaft(args, env);
      assert.deepEqual([again.code, again.err.includes("TARGET_EXISTS")], [1, true]);
      await db.analyst.query(
        'SELECT cdb_run_analysis(\'kmeans\', \'SELECT * FROM p\', \'{"k":3,"x":"x","y":"y"}\', \'listed\')',
      );
      assert.match(
        (await driveshaft(["status"], env)).out,
        /kmeans +pending \(no worker serves analyst\) public\.listed/,
      );
    } finally {
      await db.close();
    }
  });

  it("shows the whole of it in the demo: two results by SQL and two maps", async () => {
    const { code, out, err } = await driveshaft(["demo", "--output", folder]);
    assert.equal(code, 0, err);
    assert.match(out, /moran_local: 3212 of 3231 rows used, 19 undefined/);
    assert.match(out, /moran +i 0\.7275/);
    assert.match(out, /kmeans: 3376 of 3376 rows used/);
    for (const page of ["counties.html", "airports.html"])
      assert.ok((await stat(path.join(folder, page))).size > 100_000);
  });
});
