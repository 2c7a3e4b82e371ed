import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { createRole, startServer, type Server } from "#dist/demo/server.js";
import { install } from "#dist/install/install.js";
import type { BenchJob, Reading } from "../measure.js";

const main = fileURLToPath(import.meta.resolve("#dist/cli/main.js"));
const JOBS = 300;
const ROWS = 100;
/** Jobs before those that count: a worker compiles what it runs. */
const WARMING = 100;

async function open(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

/** Milliseconds of processor time of a process, and of its children that have ended. */
function processorTime(pid: number): { own: number; children: number } {
  const [user, system, childUser, childSystem] = readFileSync(`/proc/${pid}/stat`, "utf8")
    .split(") ")[1]!
    .split(" ")
    .slice(11, 15)
    .map(Number) as [number, number, number, number];
  // in hundredths of a second
  return { own: 10 * (user + system), children: 10 * (childUser + childSystem) };
}

/** Of a server's processes, of those that have ended too. */
function serverTime(pid: number): number {
  const backends = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  return backends.reduce((sum, backend) => sum + processorTime(backend).own, processorTime(pid).children);
}

function startWorker(server: Server): ChildProcess {
  return spawn(process.execPath, [main, "worker"], {
    env: {
      ...process.env,
      DATABASE_URL: server.url("worker"),
      DRIVESHAFT_CONNECTIONS: JSON.stringify({ analyst: server.url("analyst") }),
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
}

async function unfinished(admin: pg.Client): Promise<number> {
  const { rows } = await admin.query<{ jobs: number }>(
    "SELECT count(*)::integer AS jobs FROM driveshaft.jobs WHERE state IN ('pending', 'running')",
  );
  return rows[0]!.jobs;
}

async function finish(admin: pg.Client): Promise<void> {
  while ((await unfinished(admin)) > 0) await new Promise((resolve) => setTimeout(resolve, 100));
}

/** Asks for small jobs, each with a table of its own, and waits for all. */
async function runJobs(admin: pg.Client, analyst: pg.Client, jobs: number): Promise<void> {
  await analyst.query(
    `SELECT cdb_run_analysis('moran_local', 'SELECT * FROM p', '{"value": "v", "x": "x", "y": "y"}') FROM generate_series(1, $1::integer)`,
    [jobs],
  );
  await finish(admin);
}

/** Small jobs by one worker and by four: how many a second, and the processor time of one on each side. */
export const throughputJob: BenchJob = {
  name: "throughput",
  async *rounds() {
    const server = await startServer();
    const admin = await open(server.url());
    try {
      for (const role of ["analyst", "worker"]) await admin.query(createRole(role));
      await install(admin, { worker: "worker" });
      await admin.query("GRANT CREATE ON SCHEMA public TO analyst");
      const analyst = await open(server.url("analyst"));
      await analyst.query(
        `CREATE TABLE p AS SELECT g AS id, random() AS x, random() AS y, random() AS v FROM generate_series(1, ${ROWS}) g`,
      );
      for (const count of [1, 4]) {
        const workers = Array.from({ length: count }, () => startWorker(server));
        await runJobs(admin, analyst, count * WARMING);
        const used = (): { workers: number; server: number } => ({
          workers: workers.reduce((sum, worker) => sum + processorTime(worker.pid!).own, 0),
          server: serverTime(server.pid),
        });
        const before = used();
        const since = performance.now();
        await runJobs(admin, analyst, JOBS);
        const seconds = (performance.now() - since) / 1000;
        const after = used();
        for (const worker of workers) worker.kill("SIGTERM");
        await Promise.all(workers.map((worker) => once(worker, "exit")));
        const reading = (what: string, value: number, unit: string): Reading => ({
          job: "throughput",
          size: ROWS,
          options: { workers: count, what },
          tool: "driveshaft",
          value: Number(value.toPrecision(3)),
          unit,
        });
        yield {
          size: ROWS,
          options: { workers: count },
          repetitions: 0,
          contestants: [],
          readings: () => [
            reading("jobs per second", JOBS / seconds, "jobs/s"),
            reading("worker's processor time of a job", (after.workers - before.workers) / JOBS, "ms"),
            reading("server's processor time of a job", (after.server - before.server) / JOBS, "ms"),
          ],
        };
      }
      await analyst.end();
    } finally {
      await admin.end();
      await server.stop();
    }
  },
};
