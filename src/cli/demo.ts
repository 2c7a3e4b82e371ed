import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type pg from "pg";
import type { Cell } from "../table/cell.js";
import type { Summary } from "../compute/summary.js";
import { loadData } from "../demo/data.js";
import { readResult } from "../demo/report.js";
import { createRole, startServer, type Server } from "../demo/server.js";
import { DriveshaftError, type ErrorCode } from "../errors.js";
import { connect } from "../postgres/connect.js";
import { install } from "../install/install.js";
import { work } from "../queue/worker.js";
import type { Command } from "./command.js";
import { progressBar } from "./progress-bar.js";
import { summaryText } from "./summary.js";
import { textTable } from "./text-table.js";

/** The roles of the demo: who asks, and who works. Neither is a superuser. */
const ANALYST = "analyst";
const WORKER = "driveshaft_worker";

interface Show {
  title: string;
  analysis: string;
  query: string;
  params: Record<string, unknown>;
  target: string;
  /** What to print of the result. */
  sample: string;
  /** What to draw: the result with its places. */
  drawing: { file: string; query: string; places: Record<string, string>; projection: string };
}

const shows: Show[] = [
  {
    title: "Unemployment in US counties, 2009: local Moran's I",
    analysis: "moran_local",
    query: "SELECT id, geom, unemployment FROM counties",
    params: { value: "unemployment", weights: { type: "queen" } },
    target: "county_clusters",
    sample: `SELECT name, r.id, round(value::numeric, 3) AS value, round(lag::numeric, 3) AS lag, round(local_i::numeric, 2) AS local_i, p, cluster
  FROM county_clusters r JOIN counties USING (id) ORDER BY local_i DESC NULLS LAST LIMIT 5`,
    drawing: {
      file: "counties.html",
      query: "SELECT r.*, geom FROM county_clusters r JOIN counties USING (id) ORDER BY id",
      places: { geometry: "geom" },
      projection: "albers-usa",
    },
  },
  {
    title: "US airports: k-means on the sphere",
    analysis: "kmeans",
    query: "SELECT iata, longitude, latitude FROM airports",
    params: { k: 12, id: "iata", x: "longitude", y: "latitude", great_circle: true },
    target: "airport_groups",
    sample: `SELECT cluster_no, count(*) AS airports, round(center_x::numeric, 2) AS center_x, round(center_y::numeric, 2) AS center_y,
       round(avg(distance)::numeric / 1000) AS mean_km FROM airport_groups GROUP BY 1, 3, 4 ORDER BY 1 LIMIT 5`,
    drawing: {
      file: "airports.html",
      query: "SELECT r.*, longitude, latitude FROM airport_groups r JOIN airports USING (iata) ORDER BY iata",
      places: { id: "iata", x: "longitude", y: "latitude" },
      projection: "albers-usa",
    },
  },
];

export const demoCommand: Command = {
  name: "demo",
  summary: "Shows the main job on real data, in a PostgreSQL server of its own.",
  positionals: "",
  options: {
    keep: { type: "boolean", description: "leave the database and the worker running until Ctrl-C" },
    output: { type: "string", value: "FOLDER", description: "folder for the HTML pages, default driveshaft-demo" },
  },
  async run(_, values) {
    const folder = path.resolve((values.output as string | undefined) ?? "driveshaft-demo");
    await mkdir(folder, { recursive: true });
    const stop = new AbortController();
    const interrupt = (): void => stop.abort();
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, interrupt);
    const server = await step("Starting PostgreSQL", startServer);
    try {
      const { counties, airports } = await step("Installing Driveshaft and loading the data", () => prepare(server));
      print(`${counties} counties and ${airports} airports are loaded\n`);
      const working = work({
        database: server.url(WORKER),
        connections: () => Promise.resolve({ [ANALYST]: server.url(ANALYST) }),
        signal: stop.signal,
      });
      working.catch(interrupt);
      for (const show of shows) if (!stop.signal.aborted) await present(show, server, folder, stop.signal);
      if (values.keep) {
        print(
          `\nThe database and a worker run until Ctrl-C. Ask for more:\n  psql ${server.url(ANALYST)}\n  SELECT name, title FROM cdb_analyses();\n`,
        );
        await new Promise((resolve) => stop.signal.addEventListener("abort", resolve));
      }
      stop.abort();
      await working;
    } finally {
      for (const name of ["SIGINT", "SIGTERM"] as const) process.off(name, interrupt);
      await server.stop();
    }
  },
};

const print = (text: string): void => void process.stdout.write(text);

async function step<T>(label: string, run: () => Promise<T>): Promise<T> {
  print(`${label} ... `);
  const since = performance.now();
  const result = await run();
  print(`${((performance.now() - since) / 1000).toFixed(1)} s\n`);
  return result;
}

async function prepare(server: Server): ReturnType<typeof loadData> {
  const admin = await connect(server.url(), "driveshaft demo");
  try {
    await admin.query(createRole(ANALYST));
    await admin.query(createRole(WORKER));
    await admin.query(`GRANT CREATE ON SCHEMA public TO ${ANALYST}`);
    await install(admin, { worker: WORKER });
  } finally {
    await admin.end();
  }
  const analyst = await connect(server.url(ANALYST), "driveshaft demo");
  try {
    const loaded = await loadData(analyst);
    await analyst.query("ANALYZE counties, airports");
    return loaded;
  } finally {
    await analyst.end();
  }
}

/** Asks for an analysis in SQL, follows its job, and shows what came of it. */
async function present(show: Show, server: Server, folder: string, signal: AbortSignal): Promise<void> {
  const analyst = await connect(server.url(ANALYST), "psql");
  try {
    print(`\n${show.title}\n\n`);
    const sql = `SELECT cdb_run_analysis('${show.analysis}',\n  '${show.query}',\n  '${JSON.stringify(show.params)}', '${show.target}')`;
    print(`${ANALYST}=> ${sql};\n`);
    const since = performance.now();
    const { rows } = await analyst.query<{ job: string }>(`${sql} AS job`);
    print(` ${rows[0]!.job}\n\n`);
    const summary = await follow(analyst, rows[0]!.job, show.analysis, signal);
    const seconds = (performance.now() - since) / 1000;
    print(summaryText(summary));
    print(`  ready after ${seconds.toFixed(2)} s, ${Math.round(summary.rows.read / seconds)} rows per second\n\n`);
    print(`${ANALYST}=> ${show.sample};\n`);
    const sample = await analyst.query<Record<string, Cell>>(show.sample);
    print(
      `${textTable(
        sample.fields.map((field) => field.name),
        sample.rows,
      )}\n`,
    );

    const { file, query, places, projection } = show.drawing;
    const { reportPage } = await import("../report/page.js");
    const page = reportPage(await readResult(analyst, show.analysis, query, places), summary, {
      title: show.title,
      projection,
    });
    await writeFile(path.join(folder, file), page);
    print(`Map: ${path.join(folder, file)}\n`);
  } finally {
    await analyst.end();
  }
}

interface Status {
  state: string;
  phase: string | null;
  progress: number;
  error_code: ErrorCode | null;
  error_message: string | null;
  error_hint: string | null;
  summary: Summary;
}

/** Asks for the job's status until it has ended. */
async function follow(client: pg.Client, job: string, label: string, signal: AbortSignal): Promise<Summary> {
  const bar = progressBar(process.stdout, label);
  try {
    for (;;) {
      const { rows } = await client.query<Status>("SELECT * FROM cdb_analysis_status($1)", [job]);
      const { state, phase, progress, error_code, error_message, error_hint, summary } = rows[0]!;
      if (state === "ready") return summary;
      if (error_code) throw new DriveshaftError(error_code, error_message!, { hint: error_hint ?? undefined });
      bar.report(phase ?? state, progress);
      if (signal.aborted) throw new DriveshaftError("CANCELED", "the demo was interrupted");
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  } finally {
    bar.end();
  }
}
