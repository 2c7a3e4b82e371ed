import pg from "pg";
import type { Analysis } from "../analyses/analysis.js";
import { analyses } from "../analyses/index.js";
import { DriveshaftError } from "../errors.js";
import { sqlFiles, type SqlFile } from "./sql-files.js";

const SCHEMA = "cdb_crankshaft";

/** What the functions stand on. */
const extensions = ["dblink", "postgis"] as const;
type Extension = (typeof extensions)[number];

/** Whether the schema is there, of the installation, and not crankshaft's own. */
export async function hasCrankshaft(client: pg.Client): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT FROM pg_namespace n JOIN pg_namespace d ON d.nspowner = n.nspowner
      WHERE n.nspname = $1 AND d.nspname = 'driveshaft'
        AND EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = n.oid AND p.proname = '_ask')`,
    [SCHEMA],
  );
  return rowCount === 1;
}

/**
 * Creates the schema cdb_crankshaft, or brings it up to date, and the foreign server by which its functions reach this
 * database a second time, as the role that calls them.
 * @throws NOT_INSTALLED where an extension is missing, TARGET_EXISTS where the schema is somebody else's, ACCESS_DENIED
 */
export async function installCrankshaft(client: pg.Client): Promise<void> {
  const schemas = await schemasOf(client);
  await createSchema(client);
  await createServer(client);
  await client.query(`SET LOCAL search_path = pg_catalog, ${schemas.postgis}, pg_temp`);
  for (const { text } of inOrder(await sqlFiles("crankshaft/"))) {
    await client.query(text.replace(/:"(dblink|postgis)"/g, (_, name: Extension) => schemas[name]));
  }
  for (const { name } of analyses.filter(isColumnsBeside)) await client.query(externalFunction(name));
  await dropFormer(client);
  await client.query("SET LOCAL search_path = pg_catalog, pg_temp");
  await client.query(`GRANT USAGE ON SCHEMA ${SCHEMA} TO PUBLIC`);
}

/** Removes the schema, and the foreign server with what logs in by it. @param force also what stands on them */
export async function uninstallCrankshaft(client: pg.Client, force: boolean): Promise<void> {
  if (!(await hasCrankshaft(client))) return;
  const { rows } = await client.query<{ routines: string }>(
    "SELECT string_agg(oid::regprocedure::text, ', ') AS routines FROM pg_proc WHERE pronamespace = $1::regnamespace",
    [SCHEMA],
  );
  const how = force ? "CASCADE" : "";
  await client.query(`DROP ROUTINE ${rows[0]!.routines} ${how}`);
  await client.query(`DROP DOMAIN IF EXISTS ${SCHEMA}._row ${how}`);
  await client.query(`DROP SCHEMA ${SCHEMA} ${how}`);
  await client.query("DROP SERVER IF EXISTS driveshaft CASCADE");
}

/** Whether a result is columns for the rows of the query, which a table of their own columns can have beside them. */
const isColumnsBeside = ({ rows, columns }: Analysis): boolean =>
  rows === "each" && !columns.some(({ type }) => type === "geometry");

/** What camshaft's node deprecated-sql-function calls: its names begin with DEP_EXT_. */
const externalFunction = (analysis: string): string =>
  `CREATE OR REPLACE FUNCTION ${SCHEMA}.${pg.escapeIdentifier(`dep_ext_${analysis}`)}(operation text, table_name text,
     primary_source_query text, primary_source_columns text[], params text DEFAULT '{}') RETURNS void
   LANGUAGE sql BEGIN ATOMIC
     SELECT ${SCHEMA}._dep_ext(${pg.escapeLiteral(analysis)}, operation, table_name, primary_source_query,
       primary_source_columns, params::jsonb);
   END`;

/** Each file after those whose functions it calls: a body that is bound at once must find them. */
function inOrder(files: SqlFile[]): SqlFile[] {
  const ordered = new Set<SqlFile>();
  function add(file: SqlFile): void {
    if (ordered.has(file)) return;
    for (const other of files) if (other !== file && calls(file, other)) add(other);
    ordered.add(file);
  }
  files.forEach(add);
  return [...ordered];
}

const calls = ({ text }: SqlFile, { name }: SqlFile): boolean =>
  text.toLowerCase().includes(`${SCHEMA}.${name.replace(/\.sql$/, "")}(`);

/** The schema of each extension, quoted. @throws NOT_INSTALLED */
async function schemasOf(client: pg.Client): Promise<Record<Extension, string>> {
  const { rows } = await client.query<{ name: Extension; schema: string }>(
    `SELECT e.extname AS name, quote_ident(n.nspname) AS schema
       FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = ANY ($1)`,
    [extensions],
  );
  const missing = extensions.filter((name) => !rows.some((row) => row.name === name));
  if (missing.length > 0) {
    throw new DriveshaftError("NOT_INSTALLED", `${SCHEMA} needs the extensions ${missing.join(" and ")}`, {
      hint: `As a role that may: ${missing.map((name) => `CREATE EXTENSION ${name};`).join(" ")}`,
    });
  }
  return Object.fromEntries(rows.map(({ name, schema }) => [name, schema])) as Record<Extension, string>;
}

async function createSchema(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ owner: string }>(
    "SELECT pg_get_userbyid(nspowner) AS owner FROM pg_namespace WHERE nspname = $1",
    [SCHEMA],
  );
  const [found] = rows;
  if (!found) await client.query(`CREATE SCHEMA ${SCHEMA}`);
  else if (!(await hasCrankshaft(client))) {
    throw new DriveshaftError("TARGET_EXISTS", `the schema ${SCHEMA} exists and belongs to ${found.owner}`, {
      hint: `It may be that of the extension crankshaft. To keep both: ALTER SCHEMA ${SCHEMA} RENAME TO crankshaft_before.`,
    });
  }
}

/** Where the server stands it may have been changed on purpose. */
async function createServer(client: pg.Client): Promise<void> {
  const { rows: found } = await client.query<{ owner: string }>(
    "SELECT pg_get_userbyid(srvowner) AS owner FROM pg_foreign_server WHERE srvname = 'driveshaft'",
  );
  if (found[0] && found[0].owner !== (await currentUser(client))) {
    // whoever has it could send the passwords of user mappings anywhere
    throw new DriveshaftError("TARGET_EXISTS", `the foreign server driveshaft belongs to ${found[0].owner}`, {
      hint: "Drop or rename it: ALTER SERVER driveshaft RENAME TO ...",
    });
  }
  if (!found[0]) {
    const { rows } = await client.query<{ host: string; port: string; database: string }>(
      `SELECT coalesce(host(inet_server_addr()), split_part(current_setting('unix_socket_directories'), ',', 1)) AS host,
              coalesce(inet_server_port()::text, current_setting('port')) AS port, current_database() AS database`,
    );
    const { host, port, database } = rows[0]!;
    const options = Object.entries({ host, port, dbname: database }).map(
      ([name, value]) => `${name} ${pg.escapeLiteral(value)}`,
    );
    try {
      await client.query(`CREATE SERVER driveshaft FOREIGN DATA WRAPPER dblink_fdw OPTIONS (${options.join(", ")})`);
    } catch (cause) {
      if (!(cause instanceof pg.DatabaseError) || cause.code !== "42501") throw cause;
      const role = pg.escapeIdentifier(await currentUser(client));
      throw new DriveshaftError("ACCESS_DENIED", `${role} may not make a foreign server of dblink_fdw`, {
        hint: `As a superuser: GRANT USAGE ON FOREIGN DATA WRAPPER dblink_fdw TO ${role}`,
        cause,
      });
    }
  }
  await client.query("GRANT USAGE ON FOREIGN SERVER driveshaft TO PUBLIC");
}

/** Drops what an earlier version had, and this transaction did not write. */
async function dropFormer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(
    `SELECT format('DROP ROUTINE %s', oid::regprocedure) AS statement
       FROM pg_proc WHERE pronamespace = $1::regnamespace AND xmin <> pg_current_xact_id()::xid`,
    [SCHEMA],
  );
  for (const { statement } of rows) await client.query(statement);
}

async function currentUser(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ role: string }>("SELECT current_user AS role");
  return rows[0]!.role;
}
