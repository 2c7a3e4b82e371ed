import { existsSync, readdirSync } from "node:fs";
import { startServer, type Server } from "#dist/demo/server.js";
import { createRoles } from "./server.js";

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
  const server = await startServer({ fsync: "off" }, bin);
  await createRoles(server);
  return server;
}
