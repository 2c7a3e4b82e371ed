import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { createDatabase, roles, type TestDatabase } from "../support/server.js";
import { run } from "../support/jobs.js";

describe("the schema of an installation", () => {
  let db: TestDatabase;
  before(async () => {
    db = await createDatabase();
  });
  after(() => db.close());

  interface Routine {
    name: string;
    definer: boolean;
    trigger: boolean;
    path: string | null;
    /** The roles that are named among those who may call it, but for its owner. */
    callers: string[];
  }
  const routines = async (): Promise<Routine[]> =>
    (
      await db.admin.query<Routine>(`
        SELECT proname AS name, prosecdef AS definer, prorettype = 'trigger'::regtype AS trigger,
               (SELECT setting FROM unnest(proconfig) setting WHERE setting LIKE 'search_path=%') AS path,
               ARRAY(SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee)::text END
                       FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee <> proowner) AS callers
          FROM pg_proc WHERE pronamespace = 'driveshaft'::regnamespace ORDER BY 1`)
    ).rows;

  it("lets everybody call functions that run as who calls them, and three that run as the owner", async () => {
    const all = await routines();
    assert.ok(all.length > 30);
    const open = all.filter(({ callers }) => callers.includes("PUBLIC"));
    assert.deepEqual(
      open.filter(({ definer }) => definer).map(({ name }) => name),
      ["answer", "is_served", "publish"],
    );
    assert.deepEqual(
      open.filter(({ trigger }) => trigger),
      [],
    );
  });

  it("lets those call a function whom a GRANT line in its file names, and nobody where there is none", async () => {
    const files = (await readdir("sql/functions")).filter((name) => !name.startsWith("cdb_"));
    const granted = await Promise.all(
      files.map(async (file) => {
        const name = file.replace(".sql", "");
        const text = await readFile(`sql/functions/${file}`, "utf8");
        const grants = [...text.matchAll(/^GRANT EXECUTE ON FUNCTION driveshaft\.(\w+) TO (PUBLIC|:"worker");$/gm)];
        assert.ok(grants.every(([, of]) => of === name));
        return [name, grants.map(([, , to]) => (to === "PUBLIC" ? to : roles.worker))];
      }),
    );
    assert.deepEqual(
      (await routines()).map(({ name, callers }) => [name, callers]),
      granted.sort(([a], [b]) => (a! < b! ? -1 : 1)),
    );
    const ungranted = granted.filter(([, callers]) => callers!.length === 0).map(([name]) => name);
    const { rows } = await db.admin.query(
      `SELECT rolname, proname FROM pg_roles, pg_proc
        WHERE pronamespace = 'driveshaft'::regnamespace AND proname = ANY ($1) AND NOT rolsuper AND rolname <> $2
          AND has_function_privilege(rolname, pg_proc.oid, 'EXECUTE')`,
      [ungranted, roles.owner],
    );
    assert.ok(ungranted.includes("end_job"));
    assert.deepEqual(rows, []);
  });

  it("has functions that look names up in no path but their own", async () => {
    assert.deepEqual(
      (await routines()).filter(({ path }) => path !== "search_path=pg_catalog, pg_temp"),
      [],
    );
  });

  it("belongs to its owner as a whole, who is no superuser", async () => {
    const { rows } = await db.admin.query(`
      SELECT DISTINCT rolname, rolsuper FROM pg_roles
       WHERE oid IN (SELECT relowner FROM pg_class WHERE relnamespace = 'driveshaft'::regnamespace
                     UNION SELECT proowner FROM pg_proc WHERE pronamespace = 'driveshaft'::regnamespace OR proname LIKE 'cdb\\_%'
                     UNION SELECT nspowner FROM pg_namespace WHERE nspname = 'driveshaft')`);
    assert.deepEqual(rows, [{ rolname: "driveshaft_owner", rolsuper: false }]);
  });

  it("is enough to publish into a schema that its owner may not use", async () => {
    await db.admin.query("CREATE SCHEMA secluded AUTHORIZATION analyst");
    await db.analyst.query(
      "CREATE TABLE secluded.t AS SELECT g AS id, random() AS x, random() AS y, random() AS v FROM generate_series(1, 30) g",
    );
    const stop = await db.startWorker();
    try {
      const params = { value: "v", x: "x", y: "y", permutations: 99 };
      for (const overwrite of [false, true]) {
        const { state, error_message } = await run(
          db.analyst,
          "moran_local",
          "SELECT * FROM secluded.t",
          { ...params, overwrite },
          "secluded.lisa",
        );
        assert.equal(state, "ready", error_message ?? "");
      }
    } finally {
      await stop();
    }
  });
});
