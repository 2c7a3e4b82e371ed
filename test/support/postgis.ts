import { execFile, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { createRole, freePort, type Server } from "#dist/demo/server.js";
import { open, roles } from "./server.js";

const run = promisify(execFile);

/** Where Debian puts the binaries of a PostgreSQL that has PostGIS. */
function binaries(): string | undefined {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root) : [];
  const version = versions.find((name) => existsSync(`/usr/share/postgresql/${name}/extension/postgis.control`));
  return version && `${root}/${version}/bin`;
}

/**
 * A server with PostGIS, from Debian's packages. Undefined where these are missing; under CI that is an error, so that no
 * test is left out unseen.
 */
export async function startPostgis(): Promise<Server | undefined> {
  const bin = binaries();
  if (!bin) {
    if (process.env.CI) throw new Error("PostGIS is missing: install postgresql-15-postgis-3");
    return undefined;
  }
  const folder = await mkdtemp(path.join(tmpdir(), "driveshaft-postgis-"));
  const data = path.join(folder, "data");
  await mkdir(data);
  // PostgreSQL does not run as root
  const user: { uid?: number; gid?: number } = userInfo().uid === 0 ? await ids("postgres") : {};
  if (user.uid !== undefined) {
    await chmod(folder, 0o755);
    await chown(data, user.uid, user.gid!);
  }
  const port = await freePort();
  await run(
    `${bin}/initdb`,
    ["-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"],
    { ...user, cwd: "/" },
  );
  const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"].flatMap((setting) => [
    "-c",
    setting,
  ]);
  const server = spawn(`${bin}/postgres`, ["-D", data, "-p", String(port), ...settings], {
    ...user,
    cwd: "/",
    stdio: ["ignore", "ignore", "pipe"],
  });
  await new Promise<void>((resolve, reject) => {
    server.stderr.on("data", (chunk: Buffer) => {
      if (chunk.includes("ready to accept connections")) resolve();
    });
    server.once("exit", (code) => reject(new Error(`PostgreSQL ended with code ${code}`)));
  });
  const url = (role = "postgres", database = "postgres"): string => `postgres://${role}@127.0.0.1:${port}/${database}`;
  const admin = await open(url());
  for (const role of Object.values(roles)) await admin.query(createRole(role));
  await admin.end();
  return {
    url,
    async stop() {
      const gone = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGINT");
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ids(user: string): Promise<{ uid: number; gid: number }> {
  const id = async (flag: string): Promise<number> => Number((await run("id", [flag, user])).stdout);
  return { uid: await id("-u"), gid: await id("-g") };
}
