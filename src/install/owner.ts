import pg from "pg";
import { DriveshaftError } from "../errors.js";

/**
 * Makes the schema `driveshaft` where there is none, and goes on as its owner until the end of the transaction: an
 * installation belongs to one role as a whole, whoever upgrades it.
 * @throws TARGET_EXISTS where the schema is no installation's; ACCESS_DENIED where this role may not make it, or act
 * for its owner
 */
export async function becomeOwner(client: pg.Client): Promise<void> {
  if (!(await findSchema(client))) await createSchema(client);
  const schema = (await findSchema(client))!;
  if (!schema.trusted) {
    throw foreign(`the schema driveshaft belongs to ${schema.owner}, neither the installer nor the database's owner`);
  }
  if (schema.owner !== schema.installer) await setRole(client, schema);
}

interface Schema {
  owner: string;
  installer: string;
  /** Whether the owner may be who installed: the installer, the owner of the database, or a superuser. */
  trusted: boolean;
}

/** @throws TARGET_EXISTS where there is such a schema, and no list of migrations that its owner made */
async function findSchema(client: pg.Client): Promise<Schema | undefined> {
  const { rows } = await client.query<Schema & { installed: boolean }>(
    `SELECT o.rolname AS owner, current_user AS installer, o.rolsuper OR o.rolname = current_user OR o.oid = d.datdba AS trusted,
            EXISTS (SELECT FROM pg_class WHERE relnamespace = n.oid AND relname = 'migrations' AND relkind = 'r' AND relowner = n.nspowner) AS installed
       FROM pg_namespace n JOIN pg_roles o ON o.oid = n.nspowner JOIN pg_database d ON d.datname = current_database()
      WHERE n.nspname = 'driveshaft'`,
  );
  const [schema] = rows;
  if (schema && !schema.installed) {
    throw foreign(`the schema driveshaft, of ${schema.owner}, was not made by an installation`);
  }
  return schema;
}

/** With its list of migrations, which tells it from a schema that somebody else has made. */
async function createSchema(client: pg.Client): Promise<void> {
  try {
    // another installer may make it while this one waits for that
    await client.query(
      `DO $$ BEGIN
         CREATE SCHEMA driveshaft;
         CREATE TABLE driveshaft.migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());
       EXCEPTION WHEN unique_violation OR duplicate_schema THEN NULL; END $$`,
    );
  } catch (cause) {
    if (!isDenied(cause)) throw cause;
    throw new DriveshaftError("ACCESS_DENIED", "this role may not create the schema driveshaft", {
      hint: "Install as the owner of the database, or grant CREATE on it to this role.",
      cause,
    });
  }
}

async function setRole(client: pg.Client, { owner, installer }: Schema): Promise<void> {
  try {
    await client.query(`SET LOCAL ROLE ${pg.escapeIdentifier(owner)}`);
  } catch (cause) {
    if (!isDenied(cause)) throw cause;
    throw new DriveshaftError(
      "ACCESS_DENIED",
      `the installation belongs to ${owner}, and ${installer} may not act as it`,
      {
        hint: `Install as ${owner}, as a member of it, or as a superuser.`,
        cause,
      },
    );
  }
}

const isDenied = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === "42501";

const foreign = (message: string): DriveshaftError =>
  new DriveshaftError("TARGET_EXISTS", message, {
    hint: "Drop or rename it if it is not yours; if it is an installation, let its owner install.",
  });
