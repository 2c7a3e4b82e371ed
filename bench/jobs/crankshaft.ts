import pg from "pg";
import { createRole, startServer } from "#dist/demo/server.js";
import { install } from "#dist/install/install.js";
import { work } from "#dist/queue/worker.js";
import { postgisBinaries } from "../../test/support/debian.js";
import type { BenchJob } from "../measure.js";

/** As many as Spain has provinces. */
const ROWS = 52;
const CALLERS = 20;
const CALL = "SELECT * FROM cdb_crankshaft.CDB_MoransILocal('SELECT * FROM provinces', 'v')";

async function open(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

/** A function of crankshaft from call to rows, on Debian's server with PostGIS; nothing where there is none. */
export const crankshaftJob: BenchJob = {
  name: "crankshaft",
  async *rounds() {
    const binaries = postgisBinaries();
    if (!binaries) return;
    const server = await startServer({}, binaries);
    const stop = new AbortController();
    const admin = await open(server.url());
    try {
      for (const role of ["analyst", "worker"]) await admin.query(createRole(role));
      await admin.query("CREATE EXTENSION postgis; CREATE EXTENSION dblink");
      await install(admin, { worker: "worker", crankshaft: true });
      const { username, password } = new URL(server.url("analyst"));
      await admin.query(
        `CREATE USER MAPPING FOR analyst SERVER driveshaft OPTIONS (user '${username}', password '${password}')`,
      );
      await admin.query(
        `CREATE TABLE provinces AS SELECT g AS cartodb_id, ST_MakePoint(random(), random()) AS the_geom, random() AS v FROM generate_series(1, ${ROWS}) g`,
      );
      await admin.query("GRANT SELECT ON provinces TO analyst");
      const working = work({
        database: server.url("worker"),
        connections: () => Promise.resolve({ analyst: server.url("analyst") }),
        signal: stop.signal,
      });
      const callers = await Promise.all(Array.from({ length: CALLERS }, () => open(server.url("analyst"))));
      yield {
        size: ROWS,
        options: { what: "CDB_MoransILocal, one caller" },
        repetitions: 30,
        contestants: [{ tool: "driveshaft", run: () => callers[0]!.query(CALL) }],
      };
      yield {
        size: ROWS,
        options: { what: `CDB_MoransILocal, ${CALLERS} callers at a time` },
        repetitions: 5,
        contestants: [{ tool: "driveshaft", run: () => Promise.all(callers.map((caller) => caller.query(CALL))) }],
      };
      await Promise.all(callers.map((caller) => caller.end()));
      stop.abort();
      await working;
    } finally {
      stop.abort();
      await admin.end();
      await server.stop();
    }
  },
};
