import pg from "pg";
import { createRole, startServer, type Server } from "#dist/demo/server.js";
import { install } from "#dist/queue/install.js";
import { work, type WorkerOptions } from "#dist/queue/worker.js";

/** The roles of the tests: two who ask, one who works. None is a superuser. */
export const roles = { analyst: "analyst", other: "other", worker: "driveshaft_worker" };

let started: Promise<Server> | undefined;
let databases = 0;

/** One server for all tests, started by the first that needs it. */
function sharedServer(): Promise<Server> {
  started ??= startServer({ fsync: "off" }).then(async (server) => {
    await createRoles(server);
    return server;
  });
  return started;
}

export async function createRoles(server: Server): Promise<void> {
  const admin = await open(server.url());
  for (const role of Object.values(roles)) await admin.query(createRole(role));
  await admin.end();
}

// at the root, so after all suites
after(async () => (await started)?.stop());

/** A database of its own for a suite, with Driveshaft installed. */
export interface TestDatabase {
  url(role?: string): string;
  admin: pg.Client;
  analyst: pg.Client;
  /** Starts a worker for the analyst's jobs in this process. */
  startWorker(options?: Partial<WorkerOptions>): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** @param elsewhere another server, as `url(role, database)`, with the same roles */
export async function createDatabase(elsewhere?: Pick<Server, "url">): Promise<TestDatabase> {
  const host = elsewhere ?? (await sharedServer());
  const name = `test_${process.pid}_${++databases}`;
  const maker = await open(host.url());
  await maker.query(`CREATE DATABASE ${name} TEMPLATE template0`);
  const url = (role?: string): string => host.url(role, name);
  const admin = await open(url());
  await install(admin, { worker: roles.worker });
  await admin.query(`GRANT CREATE ON SCHEMA public TO ${roles.analyst}, ${roles.other}`);
  const analyst = await open(url(roles.analyst));
  return {
    url,
    admin,
    analyst,
    startWorker(options = {}) {
      const stop = new AbortController();
      const working = work({
        database: url(roles.worker),
        connections: () => Promise.resolve({ [roles.analyst]: url(roles.analyst) }),
        pollMs: 500,
        retryMs: 50,
        signal: stop.signal,
        ...options,
      });
      return Promise.resolve(async () => {
        stop.abort();
        await working;
      });
    },
    async close() {
      await analyst.end();
      await admin.end();
      await maker.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await maker.end();
    },
  };
}

export async function open(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  return client;
}
