import { startServer, type Server } from "#dist/demo/server.js";
import { postgisBinaries } from "./debian.js";
import { createRoles } from "./server.js";

/**
 * A server with PostGIS, from Debian's packages. Undefined where these are missing; under CI that is an error, so that
 * no test is left out unseen.
 */
export async function startPostgis(): Promise<Server | undefined> {
  const bin = postgisBinaries();
  if (!bin) {
    if (process.env.CI) throw new Error("PostGIS is missing: install postgresql-15-postgis-3");
    return undefined;
  }
  const server = await startServer({ fsync: "off" }, bin);
  await createRoles(server);
  return server;
}
