/** What the estimates are made from and held against: whole jobs of every analysis, on the embedded server. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type pg from "pg";
import type { Analysis } from "#dist/analyses/analysis.js";
import { checkParameters } from "#dist/analyses/check-parameters.js";
import { startServer, type Server } from "#dist/demo/server.js";
import { runJob } from "#dist/job/job.js";
import { connect } from "#dist/postgres/connect.js";
import { withDatabase } from "#dist/postgres/direct.js";

export interface Setting {
  rows: number;
  parameters: Record<string, unknown>;
}

export const LARGEST = 100_000;

/** Points in the unit square, with a value, a lagged one, events and a base, and zeros and ones. */
export async function startData(): Promise<{ server: Server; client: pg.Client }> {
  const server = await startServer({ fsync: "off" });
  const client = await connect(server.url(), "bench");
  await client.query(
    `CREATE TABLE p AS SELECT g AS id, random() AS x, random() AS y, random() AS v, random() AS w, (random() * 20)::int AS e, 100 + (random() * 1e4)::int AS b,
       (random() > 0.7)::int AS o, (random() > 0.6)::int AS q FROM generate_series(1, ${LARGEST}) g ORDER BY g; ANALYZE p`,
  );
  return { server, client };
}

/** What an analysis needs besides weights, with the columns of that table. */
const needs: Record<string, Record<string, unknown>> = {
  moran_bv: { value: "v", lagged_value: "w" },
  moran_rate: { events: "e", base: "b" },
  join_counts: { value: "o" },
  lee: { values: ["v", "w"] },
  moran_local_bv: { value: "v", lagged_value: "w" },
  moran_local_rate: { events: "e", base: "b" },
  geary_local_mv: { values: ["v", "w"] },
  join_counts_local: { values: ["o"] },
  quantile_lisa: { values: ["v"] },
  lee_local: { values: ["v", "w"] },
  rates: { events: "e", base: "b" },
  weights: {},
  kmeans: { k: 10, n_init: 5 },
};

/** Parameters of an analysis, those that it has of the given ones. */
export function parametersOf({ name, parameters }: Analysis, given: Record<string, unknown>): Record<string, unknown> {
  const wanted = { ...(needs[name] ?? { value: "v" }), x: "x", y: "y", ...given };
  return Object.fromEntries(Object.entries(wanted).filter(([key]) => key in parameters.shape));
}

const queryOf = (rows: number): string => `SELECT * FROM p WHERE id <= ${rows}`;

/** Seconds of a whole job in this process, the median of some after one that warms up. */
export async function secondsOf(server: Server, analysis: Analysis, { rows, parameters }: Setting): Promise<number> {
  const times: number[] = [];
  let spent = 0;
  for (let run = 0; run < 2 || (run < 4 && spent < 0.5); run++) {
    const client = await connect(server.url(), "bench");
    await client.query("DROP TABLE IF EXISTS estimated");
    await client.end();
    const since = performance.now();
    const { signal } = new AbortController();
    const target = { name: "estimated", overwrite: false };
    await withDatabase(server.url(), queryOf(rows), target, signal, async (source, sink) => {
      await runJob({ analysis, parameters: checkParameters(analysis, parameters) }, source, sink!);
    });
    const seconds = (performance.now() - since) / 1000;
    spent += seconds;
    if (run > 0) times.push(seconds);
  }
  return times.sort((a, b) => a - b)[times.length >> 1]!;
}

/** Most memory in MB of a process that runs one job. */
export async function memoryOf(server: Server, analysis: Analysis, { rows, parameters }: Setting): Promise<number> {
  const program = `process.on("exit", () => process.stderr.write("peak " + process.resourceUsage().maxRSS));
    process.argv.splice(1, 0, "driveshaft"); import("./dist/cli/main.js");`;
  const job = [
    "run",
    analysis.name,
    "--threads",
    "1",
    "--query",
    queryOf(rows),
    "--params",
    JSON.stringify(parameters),
  ];
  const { stderr } = await promisify(execFile)(process.execPath, ["-e", program, "--", ...job], {
    env: { ...process.env, DATABASE_URL: server.url() },
  });
  return Number(/peak (\d+)/.exec(stderr)![1]) / 1024;
}
