import pg from "pg";
import { createRole, startServer, type Server } from "#dist/demo/server.js";
import { install, type InstallOptions } from "#dist/install/install.js";
import { postgisBinaries } from "./debian.js";
import { work, type WorkerOptions } from "#dist/queue/worker.js";

/**
 * The roles of the tests: who installs, two who ask, one who works. None is a superuser, or owns anything of another's.
 */
export const roles = {
  owner: "driveshaft_owner",
  analyst: "analyst",
  other: "other",
  worker: "driveshaft_worker",
};

let started: Promise<Server> | undefined;
let databases = 0;

/**
 * One server for all tests, started by the first that needs it: the embedded one, or Debian's where DRIVESHAFT_SERVER
 * says so and there is one.
 */
function sharedServer(): Promise<Server> {
  const binaries = process.env.DRIVESHAFT_SERVER === "debian" ? postgisBinaries() : undefined;
  started ??= startServer({ fsync: "off" }, binaries).then(async (server) => {
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
  /** Installs once more, as the owner, who is no superuser; returns warnings. */
  install(options?: InstallOptions): Promise<string[]>;
  /** Starts a worker for the analyst's jobs in this process. */
  startWorker(options?: Partial<WorkerOptions>): Promise<() => Promise<void>>;
  /** A connection of a role's. */
  open(role: string): Promise<pg.Client>;
  /** The same database on new connections, after the server was restarted. */
  reopen(): Promise<TestDatabase>;
  close(): Promise<void>;
}

/** @param elsewhere another server, as `url(role, database)`, with the same roles */
export async function createDatabase(elsewhere?: Pick<Server, "url">, encoding = "UTF8"): Promise<TestDatabase> {
  const host = elsewhere ?? (await sharedServer());
  const name = `test_${process.pid}_${++databases}`;
  const maker = await open(host.url());
  await maker.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING '${encoding}' OWNER ${roles.owner}`);
  await maker.end();
  const db = await connectTo(name, host);
  await db.install();
  await db.admin.query(`GRANT CREATE ON SCHEMA public TO ${roles.analyst}, ${roles.other}`);
  return db;
}

async function connectTo(name: string, host: Pick<Server, "url">): Promise<TestDatabase> {
  const url = (role?: string): string => host.url(role, name);
  const admin = await open(url());
  const analyst = await open(url(roles.analyst));
  return {
    url,
    admin,
    analyst,
    async install(options = {}) {
      const owner = await open(url(roles.owner));
      try {
        return await install(owner, { worker: roles.worker, ...options });
      } finally {
        await owner.end();
      }
    },
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
    open: (role) => open(url(role)),
    reopen: () => connectTo(name, host),
    async close() {
      await analyst.end();
      await admin.end();
      const maker = await open(host.url());
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
