import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type pg from "pg";
import { install } from "#dist/install/install.js";
import { uninstall } from "#dist/install/uninstall.js";
import { failure } from "../support/assertions.js";
import { createDatabase, open, roles, type TestDatabase } from "../support/server.js";

describe("an installer", () => {
  let db: TestDatabase;
  beforeEach(async () => {
    db = await createDatabase();
    await db.admin.query(`REVOKE CREATE ON SCHEMA public FROM ${roles.analyst}, ${roles.other}`);
  });
  afterEach(() => db.close());
  const installAs = async (role: string): Promise<string[]> => {
    const client = await open(db.url(role));
    try {
      return await install(client, { worker: roles.worker });
    } finally {
      await client.end();
    }
  };
  /** As a role that may create in public, for as long as that takes. */
  const inPublic = async (client: pg.Client, sql: string): Promise<void> => {
    await db.admin.query("GRANT CREATE ON SCHEMA public TO PUBLIC");
    await client.query(sql);
    await db.admin.query("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
  };
  const owners = async (): Promise<unknown[]> =>
    (
      await db.admin.query<{ owner: string }>(`
        SELECT DISTINCT pg_get_userbyid(owner) AS owner
          FROM (SELECT relowner FROM pg_class WHERE relnamespace = 'driveshaft'::regnamespace
                UNION SELECT proowner FROM pg_proc WHERE pronamespace = 'driveshaft'::regnamespace OR proname LIKE 'cdb\\_%'
                UNION SELECT nspowner FROM pg_namespace WHERE nspname = 'driveshaft') all_of_it (owner)`)
    ).rows.map(({ owner }) => owner);
  const isThere = async (): Promise<boolean> =>
    (await db.admin.query("SELECT FROM pg_namespace WHERE nspname = 'driveshaft'")).rowCount === 1;

  describe("who is not the owner of the installation", () => {
    /** The tables of version 1, as the owner made them. */
    const older = async (): Promise<void> => {
      await uninstall(db.admin, true);
      const owner = await open(db.url(roles.owner));
      await owner.query(
        "CREATE SCHEMA driveshaft; CREATE TABLE driveshaft.migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())",
      );
      await owner.query(await readFile("sql/migrations/001_jobs.sql", "utf8"));
      await owner.query("INSERT INTO driveshaft.migrations VALUES ('001_jobs.sql')");
      await owner.end();
    };

    it("upgrades it for its owner as a superuser", async () => {
      await older();
      await install(db.admin);
      assert.deepEqual(await owners(), [roles.owner]);
      assert.deepEqual((await db.admin.query("SELECT current_user::text AS role")).rows, [{ role: "postgres" }]);
    });

    it("upgrades it for its owner as a member of the owner", async () => {
      await older();
      await db.admin.query(`CREATE ROLE deputy LOGIN PASSWORD 'driveshaft' IN ROLE ${roles.owner}`);
      try {
        await installAs("deputy");
        assert.deepEqual(await owners(), [roles.owner]);
      } finally {
        await db.admin.query("DROP ROLE deputy");
      }
    });

    it("is refused where the role may not act as the owner", async () => {
      await assert.rejects(
        installAs(roles.analyst),
        failure("ACCESS_DENIED", /belongs to driveshaft_owner, and analyst may not act as it/),
      );
      await uninstall(db.admin, true);
      await install(db.admin);
      await assert.rejects(
        db.install(),
        failure("ACCESS_DENIED", /belongs to postgres, and driveshaft_owner may not act as it/),
      );
      await uninstall(db.admin, true);
      await assert.rejects(installAs(roles.analyst), failure("ACCESS_DENIED", /may not create the schema driveshaft/));
    });
  });

  describe("finds the schema", () => {
    beforeEach(() => uninstall(db.admin, true));

    it("and refuses one that was not made by an installation, whoever made it", async () => {
      await db.admin.query(`CREATE SCHEMA driveshaft AUTHORIZATION ${roles.owner}`);
      const said = failure(
        "TARGET_EXISTS",
        /the schema driveshaft, of driveshaft_owner, was not made by an installation/,
      );
      await assert.rejects(db.install(), said);
      await db.admin.query("CREATE TABLE driveshaft.migrations (name text PRIMARY KEY, applied_at timestamptz)");
      await assert.rejects(db.install(), said);
      await assert.rejects(install(db.admin), said);
    });

    it("and refuses one of a role that is no owner of the database, which looks like an installation", async () => {
      await db.admin.query(
        `CREATE SCHEMA driveshaft AUTHORIZATION ${roles.other} CREATE TABLE migrations (name text PRIMARY KEY, applied_at timestamptz);
         ALTER TABLE driveshaft.migrations OWNER TO ${roles.other}`,
      );
      const said = failure("TARGET_EXISTS", /belongs to other, neither the installer nor the database's owner/);
      await assert.rejects(db.install(), said);
      await assert.rejects(install(db.admin), said);
    });
  });

  it("refuses objects of others in the schema, and says how to give them to the owner", async () => {
    await db.admin.query(
      "ALTER TABLE driveshaft.limits OWNER TO postgres; CREATE FUNCTION driveshaft.claim() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    );
    const said = failure(
      "TARGET_EXISTS",
      /its owner does not own: function driveshaft.claim\(\) of postgres, table driveshaft.limits of postgres$/,
    );
    for (const installing of [() => db.install(), () => install(db.admin)]) {
      await assert.rejects(installing(), (error: { hint?: string }) => {
        assert.match(error.hint!, /ALTER ... OWNER TO driveshaft_owner/);
        return said(error);
      });
    }
  });

  it("refuses routines and types in public that are called like ours, before the first installation whoever made them", async () => {
    await uninstall(db.admin, true);
    const makers = { analyst: db.analyst, driveshaft_owner: await open(db.url(roles.owner)), postgres: db.admin };
    const namesakes = [
      ["function public.cdb_analyses()", "CREATE FUNCTION cdb_analyses() RETURNS int LANGUAGE sql AS 'SELECT 1'"],
      [
        "function public.cdb_run_analysis(text)",
        "CREATE FUNCTION cdb_run_analysis(text) RETURNS int LANGUAGE sql AS 'SELECT 1'",
      ],
      [
        "function public.cdb_analysis_status(uuid)",
        "CREATE PROCEDURE cdb_analysis_status(uuid) LANGUAGE sql AS 'SELECT 1'",
      ],
      ["type public.cdb_cancel_analysis", "CREATE DOMAIN cdb_cancel_analysis AS text"],
    ] as const;
    for (const [maker, client] of Object.entries(makers)) {
      for (const [what, sql] of namesakes) {
        await inPublic(client, sql);
        const said = `these are called like functions of Driveshaft, and are not: ${what} of ${maker}`;
        for (const installing of [() => db.install(), () => install(db.admin)]) {
          await assert.rejects(installing(), {
            name: "DriveshaftError",
            code: "TARGET_EXISTS",
            message: new RegExp(`^${said.replace(/[()]/g, "\\$&")}$`),
          });
        }
        assert.equal(await isThere(), false);
        await client.query(`DROP ${what.replace("function", "ROUTINE")}`);
      }
    }
    await makers.driveshaft_owner.end();
    await db.install();
  });

  it("refuses at an upgrade what others own, and overloads whoever made them", async () => {
    const overload =
      "CREATE FUNCTION cdb_run_analysis(analysis text, query text, params json) RETURNS int LANGUAGE sql AS 'SELECT 1'";
    const owner = await open(db.url(roles.owner));
    for (const [maker, client] of Object.entries({
      analyst: db.analyst,
      driveshaft_owner: owner,
      postgres: db.admin,
    })) {
      await inPublic(client, overload);
      const said = new RegExp(`and are not: function public.cdb_run_analysis\\(text,text,json\\) of ${maker}$`);
      await assert.rejects(db.install(), failure("TARGET_EXISTS", said));
      await assert.rejects(install(db.admin), failure("TARGET_EXISTS", said));
      await client.query("DROP FUNCTION cdb_run_analysis(text, text, json)");
    }
    await owner.end();
    await db.admin.query("ALTER FUNCTION cdb_analyses() OWNER TO postgres");
    await assert.rejects(db.install(), failure("TARGET_EXISTS", /: function public.cdb_analyses\(\) of postgres$/));
    await db.admin.query(`ALTER FUNCTION cdb_analyses() OWNER TO ${roles.owner}`);
    await db.install();
  });

  it("minds no other names, rows, or schemas", async () => {
    await uninstall(db.admin, true);
    await inPublic(
      db.analyst,
      `CREATE FUNCTION cdb_areasofinterestlocal(text) RETURNS int LANGUAGE sql AS 'SELECT 1';
       CREATE FUNCTION "CDB_Analyses"() RETURNS int LANGUAGE sql AS 'SELECT 1';
       CREATE TABLE cdb_run_analysis (id int)`,
    );
    await db.admin.query(
      "CREATE SCHEMA cartodb; CREATE FUNCTION cartodb.cdb_analyses() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    );
    await db.install();
    await db.install();
  });

  it("leaves namesakes of others when it removes ours", async () => {
    await inPublic(db.analyst, "CREATE FUNCTION cdb_analyses(text) RETURNS int LANGUAGE sql AS 'SELECT 1'");
    await uninstall(db.admin, false);
    const { rows } = await db.admin.query(
      "SELECT oid::regprocedure::text AS name FROM pg_proc WHERE proname LIKE 'cdb\\_%'",
    );
    assert.deepEqual(rows, [{ name: "cdb_analyses(text)" }]);
  });

  describe("is warned of who else may create in public", () => {
    const warned = async (): Promise<string | undefined> => {
      const [warning, ...more] = await db.install();
      assert.deepEqual(more, []);
      return warning;
    };

    it("and told what to type, which ends the warning", async () => {
      assert.equal(await warned(), undefined);
      await db.admin.query(`GRANT CREATE ON SCHEMA public TO PUBLIC, ${roles.analyst}, ${roles.owner}, postgres`);
      const warning = (await warned())!;
      const revoke = "REVOKE CREATE ON SCHEMA public FROM PUBLIC, analyst";
      assert.match(warning, new RegExp(`^PUBLIC, analyst may create in the schema public, .*: ${revoke}$`));
      await db.admin.query(revoke);
      assert.equal(await warned(), undefined);
    });

    it("also as PostgreSQL 14 has it, where the owner may only as everybody", async () => {
      await db.admin.query("ALTER SCHEMA public OWNER TO postgres; GRANT CREATE ON SCHEMA public TO PUBLIC");
      const type = /GRANT CREATE ON SCHEMA public TO driveshaft_owner; REVOKE CREATE ON SCHEMA public FROM PUBLIC$/;
      await db.admin.query(type.exec((await warned())!)![0]);
      assert.equal(await warned(), undefined);
    });

    it("and refused with what to type where the owner may not itself", async () => {
      await db.admin.query("ALTER SCHEMA public OWNER TO postgres");
      await assert.rejects(
        db.install(),
        failure("ACCESS_DENIED", /driveshaft_owner may not create functions in the schema public/),
      );
    });
  });
});
