import pg from "pg";
import { DriveshaftError } from "../errors.js";

/**
 * Objects of an installation's schema and of `public`, each with its description and owner; the schema's owner is
 * current_user.
 */
const objects = `
  SELECT pg_describe_object(o.class, o.oid, 0) AS what, o.*, pg_get_userbyid(o.owner) AS owner_name, pg_get_userbyid(o.owner) <> current_user AS strange
    FROM (SELECT 'pg_proc'::regclass AS class, oid, proname AS name, pronamespace AS schema, proowner AS owner, xmin FROM pg_proc
          UNION ALL
          SELECT 'pg_type'::regclass, oid, typname, typnamespace, typowner, xmin FROM pg_type WHERE typrelid = 0 AND typelem = 0
          UNION ALL
          SELECT 'pg_class'::regclass, oid, relname, relnamespace, relowner, xmin FROM pg_class WHERE relkind NOT IN ('i', 'I')) o`;

/**
 * Refuses objects of other roles in the schema `driveshaft`.
 * @throws TARGET_EXISTS
 */
export async function refuseStrangers(client: pg.Client): Promise<void> {
  const what = await described(client, "schema = 'driveshaft'::regnamespace AND strange");
  if (!what) return;
  throw new DriveshaftError("TARGET_EXISTS", `the schema driveshaft holds what its owner does not own: ${what}`, {
    hint: `Drop what is not of Driveshaft. What an installation by another role has left is given to the owner by ALTER ... OWNER TO ${await currentUser(client)}.`,
  });
}

/** Which objects in `public` with a name of ours are not ours. */
export const notOurs = {
  /** Before the first installation: none is. */
  atFirst: "true",
  /** Before an upgrade: what other roles own. */
  atUpgrade: "strange",
  /** When ours were made: what this transaction did not write. */
  afterwards: "xmin <> pg_current_xact_id()::xid",
};

/**
 * Refuses routines in `public` with a name of ours that are not ours: a call may find them, and runs them as whoever
 * calls. So it may with types, since name('value') is a cast too, which runs the checks of a domain; rows are not cast
 * to.
 * @throws TARGET_EXISTS
 */
export async function refuseNamesakes(client: pg.Client, names: string[], which: string): Promise<void> {
  const inPublic = "schema = to_regnamespace('public') AND class <> 'pg_class'::regclass AND name = ANY ($1)";
  const what = await described(client, `${inPublic} AND (${which} OR class = 'pg_type'::regclass)`, [names]);
  if (!what) return;
  throw new DriveshaftError("TARGET_EXISTS", `these are called like functions of Driveshaft, and are not: ${what}`, {
    hint: `Calls would run them as whoever calls. Drop or rename them: DROP ROUTINE or DROP TYPE. What an installation by another role has left may be given to ${await currentUser(client)} by ALTER ROUTINE ... OWNER TO instead.`,
  });
}

async function described(client: pg.Client, condition: string, values: unknown[] = []): Promise<string | null> {
  const { rows } = await client.query<{ what: string | null }>(
    `SELECT string_agg(format('%s of %s', what, owner_name), ', ' ORDER BY what) AS what FROM (${objects}) objects WHERE ${condition}`,
    values,
  );
  return rows[0]!.what;
}

async function currentUser(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ role: string }>("SELECT quote_ident(current_user) AS role");
  return rows[0]!.role;
}

/** Refuses an owner that may not create the functions of users. @throws ACCESS_DENIED */
export async function requirePublic(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ role: string; may: boolean | null }>(
    "SELECT quote_ident(current_user) AS role, has_schema_privilege(to_regnamespace('public')::oid, 'CREATE') AS may",
  );
  const { role, may } = rows[0]!;
  if (may) return;
  throw new DriveshaftError("ACCESS_DENIED", `${role} may not create functions in the schema public`, {
    hint: `${may === null ? "CREATE SCHEMA public; " : ""}GRANT CREATE ON SCHEMA public TO ${role}`,
  });
}

/**
 * Who but the owner may add such namesakes later, as everybody may up to PostgreSQL 14 where nothing else is said.
 * Superusers and the owner of `public` are not counted.
 * @returns a warning with what to type, or none
 */
export async function warnOfCreators(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ owner: string; creators: string | null; remains: boolean }>(
    `WITH creators AS (
       SELECT a.grantee, coalesce(quote_ident(r.rolname), 'PUBLIC') AS name, a.grantee <> n.nspowner AND NOT coalesce(r.rolsuper OR r.rolname = current_user, false) AS other
         FROM pg_namespace n CROSS JOIN aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a LEFT JOIN pg_roles r ON r.oid = a.grantee
        WHERE n.nspname = 'public' AND a.privilege_type = 'CREATE')
     SELECT quote_ident(current_user) AS owner, string_agg(DISTINCT name, ', ' ORDER BY name) FILTER (WHERE other) AS creators,
            coalesce(bool_or(pg_has_role(grantee, 'USAGE')) FILTER (WHERE NOT other), false) AS remains
       FROM creators`,
  );
  const { owner, creators, remains } = rows[0]!;
  if (creators === null) return [];
  // the owner may have had the privilege as one of them, and needs it for upgrades
  const type = `${remains ? "" : `GRANT CREATE ON SCHEMA public TO ${owner}; `}REVOKE CREATE ON SCHEMA public FROM ${creators}`;
  return [
    `${creators} may create in the schema public, so also functions called like those of Driveshaft, which run as whoever calls them. To prevent it: ${type}`,
  ];
}
