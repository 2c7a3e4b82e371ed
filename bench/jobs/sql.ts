import pg from "pg";
import { createRole, startServer } from "#dist/demo/server.js";
import { install } from "#dist/install/install.js";
import { work } from "#dist/queue/worker.js";
import type { BenchJob } from "../measure.js";

async function open(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

/** From cdb_run_analysis to ready, on the embedded server: 100,000 points, knn 8. */
export const sqlJob: BenchJob = {
  name: "sql",
  async *rounds() {
    const server = await startServer();
    const stop = new AbortController();
    const admin = await open(server.url());
    try {
      for (const role of ["analyst", "worker"]) await admin.query(createRole(role));
      await install(admin, { worker: "worker" });
      await admin.query("GRANT CREATE ON SCHEMA public TO analyst");
      const working = work({
        database: server.url("worker"),
        connections: () => Promise.resolve({ analyst: server.url("analyst") }),
        signal: stop.signal,
      });
      const analyst = await open(server.url("analyst"));
      await analyst.query(
        "CREATE TABLE p AS SELECT g::bigint AS id, random() AS x, random() AS y, random() AS v FROM generate_series(1, 100000) g",
      );
      const params = JSON.stringify({ value: "v", x: "x", y: "y", weights: { type: "knn", k: 8 } });
      yield {
        size: 100_000,
        options: { analysis: "moran_local", k: 8 },
        repetitions: 5,
        contestants: [
          {
            tool: "driveshaft",
            run: () => analyst.query("CALL cdb_run_analysis_and_wait('moran_local', 'SELECT * FROM p', $1)", [params]),
          },
        ],
      };
      stop.abort();
      await working;
      await analyst.end();
    } finally {
      stop.abort();
      await admin.end();
      await server.stop();
    }
  },
};
