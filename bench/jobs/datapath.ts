import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { createRole, startServer, type Server } from "#dist/demo/server.js";
import { copyIn, copyOut } from "#dist/postgres/protocol.js";
import { install } from "#dist/install/install.js";
import { postgisBinaries } from "../../test/support/debian.js";
import type { BenchJob, Reading, Round } from "../measure.js";

const main = fileURLToPath(import.meta.resolve("#dist/cli/main.js"));
const QUERY = "SELECT * FROM p";
async function open(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  return client;
}

/** What the whole server has used so far: processor seconds of backends that have ended, blocks, log of changes. */
async function load(admin: pg.Client, pid: number): Promise<{ cpu: number; blocks: number; wal: number }> {
  // what a backend did is counted when it has ended
  await new Promise((resolve) => setTimeout(resolve, 300));
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  const { rows } = await admin.query<{ blocks: string; wal: string }>(
    "SELECT sum(blks_read + blks_hit) AS blocks, min(pg_current_wal_lsn() - '0/0'::pg_lsn) AS wal FROM pg_stat_database",
  );
  // user and system time of children, in hundredths of a second
  return {
    cpu: (Number(fields[13]) + Number(fields[14])) / 100,
    blocks: Number(rows[0]!.blocks),
    wal: Number(rows[0]!.wal) / 2 ** 20,
  };
}

/** Largest resident memory of a process so far, in MB. */
function peakMemory(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) / 1024;
}

/** Bytes joined to chunks: the server sends a message a row, and takes larger ones faster. */
function joined(chunks: Buffer[]): Buffer[] {
  const all = Buffer.concat(chunks);
  const size = 1 << 18;
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.subarray(i * size, (i + 1) * size));
}

/**
 * The floor: the same bytes out of the server, the same bytes in to a table of the same shape, and the key, with
 * nothing between.
 */
async function floor(client: pg.Client, rows: Buffer[]): Promise<void> {
  await copyOut(client, `COPY (${QUERY}) TO STDOUT (FORMAT binary)`, () => {});
  await client.query("BEGIN");
  await client.query("CREATE TABLE floor (LIKE shape)");
  await copyIn(client, "COPY floor FROM STDIN (FORMAT binary, FREEZE)", rows);
  await client.query("ALTER TABLE floor ADD PRIMARY KEY (id)");
  await client.query("COMMIT");
}

async function* onServer(server: Server, sizes: number[], inDatabase: boolean): AsyncGenerator<Round> {
  const admin = await open(server.url());
  for (const role of ["analyst", "worker"]) await admin.query(createRole(role));
  await install(admin, { worker: "worker" });
  await admin.query("GRANT CREATE ON SCHEMA public TO analyst");
  if (inDatabase) await admin.query("CREATE EXTENSION postgis");
  const analyst = await open(server.url("analyst"));
  const { rows: versions } = await admin.query<{ on: string }>(
    "SELECT 'PostgreSQL ' || current_setting('server_version_num')::int / 10000 AS on",
  );
  const { on } = versions[0]!;
  for (const size of sizes) {
    await analyst.query("DROP TABLE IF EXISTS p");
    await analyst.query(
      `CREATE TABLE p AS SELECT g::bigint AS id, random() AS x, random() AS y, random() AS v FROM generate_series(1, ${size}) g`,
    );
    if (inDatabase) {
      await analyst.query("ALTER TABLE p ADD PRIMARY KEY (id); ALTER TABLE p ADD geom geometry(Point)");
      await analyst.query("UPDATE p SET geom = ST_MakePoint(x, y); CREATE INDEX ON p USING gist (geom)");
    }
    await admin.query("VACUUM ANALYZE p");
    await admin.query("CHECKPOINT");
    const worker = spawn(process.execPath, [main, "worker"], {
      env: {
        ...process.env,
        DATABASE_URL: server.url("worker"),
        DRIVESHAFT_CONNECTIONS: JSON.stringify({ analyst: server.url("analyst") }),
      },
      stdio: ["ignore", "ignore", "inherit"],
    });
    const params = JSON.stringify({ value: "v", x: "x", y: "y", weights: { type: "knn", k: 8 } });
    let times: Record<string, number> = {};
    let seconds = 0;
    const used: Record<string, { cpu: number; blocks: number; wal: number }> = {};
    async function measured(tool: string, run: () => Promise<unknown>): Promise<void> {
      const before = await load(admin, server.pid);
      const since = performance.now();
      await run();
      seconds = (performance.now() - since) / 1000;
      const after = await load(admin, server.pid);
      used[tool] = { cpu: after.cpu - before.cpu, blocks: after.blocks - before.blocks, wal: after.wal - before.wal };
    }
    async function job(): Promise<void> {
      await analyst.query("CALL cdb_run_analysis_and_wait('moran_local', $1, $2, 'result')", [QUERY, params]);
    }
    const clear = (): Promise<unknown> => analyst.query("DROP TABLE IF EXISTS result, floor, neighbors");
    // one measured run of each, before those that are only timed
    await clear();
    await job();
    await clear();
    await measured("driveshaft", job);
    const ours = seconds;
    const { rows } = await analyst.query<{ summary: { times: Record<string, number> } }>(
      "SELECT summary FROM cdb_analysis_status() LIMIT 1",
    );
    times = rows[0]!.summary.times;
    await analyst.query("CREATE TABLE IF NOT EXISTS shape AS SELECT * FROM result WITH NO DATA");
    const chunks: Buffer[] = [];
    await copyOut(analyst, "COPY (SELECT * FROM result) TO STDOUT (FORMAT binary)", (chunk) =>
      chunks.push(Buffer.from(chunk)),
    );
    const bytes = joined(chunks);
    const peak = peakMemory(worker.pid!);
    if (inDatabase) {
      const client = await open(server.url("analyst"));
      await measured("in SQL", async () => {
        await client.query(
          `CREATE TABLE neighbors AS SELECT i.id, i.v, n.lag FROM p i,
             LATERAL (SELECT avg(v) AS lag FROM (SELECT j.v FROM p j WHERE j.id <> i.id ORDER BY i.geom <-> j.geom LIMIT 8) near) n`,
        );
        // what a backend has used counts when it has ended
        await client.end();
      });
    }
    const inSql = seconds;
    const options = { on, analysis: "moran_local", k: 8 };
    const reading = (tool: string, what: string, value: number, unit: string): Reading => ({
      job: "datapath",
      size,
      options: { on, what },
      tool,
      value: Number(value.toPrecision(4)),
      unit,
    });
    yield {
      size,
      options,
      repetitions: inDatabase ? 1 : 3,
      contestants: [
        { tool: "driveshaft", prepare: clear, run: job },
        { tool: "floor", prepare: clear, run: () => floor(analyst, bytes) },
      ],
      readings: () => [
        ...Object.entries(times).map(([phase, ms]) => reading("driveshaft", phase, ms, "ms")),
        reading(
          "driveshaft",
          "write and the rest",
          1000 * ours - Object.values(times).reduce((sum, ms) => sum + ms, 0),
          "ms",
        ),
        reading("driveshaft", "rows per second", size / ours, "rows/s"),
        reading("driveshaft", "worker's peak memory", peak, "MB"),
        ...(inDatabase ? [reading("in SQL", "neighbors and lag alone", inSql * 1000, "ms")] : []),
        ...Object.entries(used).flatMap(([tool, { cpu, blocks, wal }]) => [
          reading(tool, "processor time of the server", cpu, "s"),
          reading(tool, "blocks touched", blocks, "blocks"),
          reading(tool, "log of changes written", wal, "MB"),
        ]),
      ],
    };
    worker.kill("SIGTERM");
  }
  await analyst.end();
  await admin.end();
}

/**
 * From cdb_run_analysis to ready beside the floor, COPY out and in of the same rows with the key; and the load on the
 * server beside that of finding neighbors in SQL, as crankshaft does, where PostGIS is installed.
 */
export const datapathJob: BenchJob = {
  name: "datapath",
  async *rounds() {
    const plain = await startServer({ max_wal_size: "4GB", shared_buffers: "512MB" });
    try {
      yield* onServer(plain, [100_000, 1_000_000], false);
    } finally {
      await plain.stop();
    }
    const bin = postgisBinaries();
    if (!bin) return;
    const spatial = await startServer({ max_wal_size: "4GB", shared_buffers: "512MB" }, bin);
    try {
      yield* onServer(spatial, [100_000], true);
    } finally {
      await spatial.stop();
    }
  },
};
