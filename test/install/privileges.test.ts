import assert from "node:assert/strict";
import { createDatabase, type TestDatabase } from "../support/server.js";
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
    public: boolean;
    path: string | null;
  }
  const routines = async (): Promise<Routine[]> =>
    (
      await db.admin.query<Routine>(`
        SELECT proname AS name, prosecdef AS definer, prorettype = 'trigger'::regtype AS trigger,
               EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0) AS public,
               (SELECT setting FROM unnest(proconfig) setting WHERE setting LIKE 'search_path=%') AS path
          FROM pg_proc WHERE pronamespace = 'driveshaft'::regnamespace ORDER BY 1`)
    ).rows;

  it("lets everybody call functions that run as who calls them, and two that run as the owner", async () => {
    const all = await routines();
    assert.ok(all.length > 30);
    const open = all.filter((routine) => routine.public);
    assert.deepEqual(
      open.filter(({ definer }) => definer).map(({ name }) => name),
      ["is_served", "publish"],
    );
    assert.deepEqual(
      open.filter(({ trigger }) => trigger),
      [],
    );
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
