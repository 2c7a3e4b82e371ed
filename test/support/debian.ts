import { existsSync, readdirSync } from "node:fs";

/** Where Debian puts the binaries of a PostgreSQL that has PostGIS. */
export function postgisBinaries(): string | undefined {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root) : [];
  const version = versions.find((name) => existsSync(`/usr/share/postgresql/${name}/extension/postgis.control`));
  return version && `${root}/${version}/bin`;
}
