/** What the estimates are made from and held against: whole jobs of every analysis, on the embedded server. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type pg from "pg";
import type { Analysis } from "#dist/analyses/analysis.js";
import { startServer, type Server } from "#dist/demo/server.js";
import { runJob } from "#dist/job/job.js";
import { connect } from "#dist/postgres/connect.js";
import { withDatabase } from "#dist/postgres/direct.js";

export interface Setting {
  rows: number;
  parameters: Record<string, unknown>;
}

export const LARGEST = 100_000;

/** Steps of a place in the table of places and times. */
const STEPS = 12;

/** Columns of numbers, as many as an analysis of several is measured with: c1, c2, ... */
export const columnNames = (count: number): string[] => Array.from({ length: count }, (_, c) => `c${c + 1}`);
const MOST_COLUMNS = 10;

/**
 * Points in the unit square, with the columns of the examples of all analyses; and places at several times, as many
 * rows.
 */
export async function startData(): Promise<{ server: Server; client: pg.Client }> {
  const server = await startServer({ fsync: "off" });
  const client = await connect(server.url(), "bench");
  await client.query(
    `CREATE TABLE p AS SELECT g AS id, random() AS x, random() AS y, g % 50 AS state, random() AS unemployment, random() AS vacancies,
       random() AS income, random() AS population, random() AS passengers,
       random() AS beds, (random() * 20)::int AS deaths, 100 + (random() * 1e4)::int AS births,
       random() AS income_2000, random() AS income_2010, (random() > 0.7)::int AS is_urban,
       ${columnNames(MOST_COLUMNS)
         .map((name) => `random() AS ${name}`)
         .join(", ")} FROM generate_series(1, ${LARGEST}) g ORDER BY g; ANALYZE p`,
  );
  await client.query(
    `CREATE TABLE c AS SELECT p.id, p.id / ${STEPS} AS county, p.id % ${STEPS} AS month, q.x, q.y, p.deaths AS cases
       FROM p JOIN p q ON q.id = p.id / ${STEPS} + 1 ORDER BY p.id; ANALYZE c`,
  );
  return { server, client };
}

/** Parameters of an analysis' example, with those that it has of the given ones. */
export function parametersOf(
  { parameters, example }: Analysis,
  given: Record<string, unknown>,
): Record<string, unknown> {
  const own = { ...example.parameters };
  // these fit the example's few rows
  delete own.weights;
  delete own.cells;
  const tables = Object.fromEntries(Object.keys(example.tables ?? {}).map((table) => [table, queryOf(10_000)]));
  const wanted = { ...own, ...tables, x: "x", y: "y", ...given };
  return Object.fromEntries(Object.entries(wanted).filter(([key]) => key in parameters.shape && key !== "by"));
}

const queryOf = (rows: number, table: "p" | "c" = "p"): string => `SELECT * FROM ${table} WHERE id <= ${rows}`;

/** What an analysis is measured with. */
const queryFor = ({ example }: Analysis, rows: number): string => queryOf(rows, example.of === "cases" ? "c" : "p");

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
    await withDatabase(server.url(), queryFor(analysis, rows), target, signal, async (source, sink) => {
      await runJob({ analysis, parameters }, source, sink!);
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
    queryFor(analysis, rows),
    "--params",
    JSON.stringify(parameters),
  ];
  const { stderr } = await promisify(execFile)(process.execPath, ["-e", program, "--", ...job], {
    env: { ...process.env, DATABASE_URL: server.url() },
  });
  return Number(/peak (\d+)/.exec(stderr)![1]) / 1024;
}
