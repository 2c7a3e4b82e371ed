import assert from "node:assert/strict";
import { nearest } from "#dist/index.js";
import { ask, ended, run, until } from "../support/jobs.js";
import { createDatabase, type TestDatabase } from "../support/server.js";

type Row = Record<string, unknown>;

describe("a further table", () => {
  let db: TestDatabase;
  let stop: () => Promise<void>;
  const homes = "SELECT * FROM homes";
  const xy = { x: "x", y: "y" };
  before(async () => {
    db = await createDatabase();
    stop = await db.startWorker();
    await db.analyst.query(
      `CREATE TABLE homes AS SELECT g AS id, sin(g * 1.7) AS x, cos(g * g * 0.3) AS y, 'home ' || g AS name FROM generate_series(1, 50) g;
       INSERT INTO homes VALUES (51, NULL, 1, 'nowhere');
       CREATE TABLE shops AS SELECT 's' || chr(64 + g) AS id, cos(g * 2.3) AS x, sin(g * g * 0.7) AS y FROM generate_series(1, 9) g;
       INSERT INTO shops VALUES ('sZ', 'NaN', 0)`,
    );
  });
  after(async () => {
    await stop();
    await db.close();
  });
  const rowsOf = async (text: string): Promise<Row[]> => (await db.analyst.query<Row>(text)).rows;
  const column = (rows: Row[], name: string): Float64Array => Float64Array.from(rows, (row) => row[name] as number);

  it("is read by a query of its own: the ids of both, of their own types, what is included, and a key", async () => {
    const params = { ...xy, k: 2, targets: "SELECT * FROM shops", include: ["name"] };
    const { state, error_message, summary } = await run(db.analyst, "nearest", homes, params, "found");
    assert.equal(state, "ready", error_message ?? "");
    assert.deepEqual(summary.rows, { read: 51, used: 50, undefined: 1 });
    assert.equal(summary.targets, 9);
    const [a, b] = [
      await rowsOf("SELECT * FROM homes WHERE id < 51 ORDER BY id"),
      await rowsOf("SELECT * FROM shops WHERE id <> 'sZ' ORDER BY id"),
    ];
    const expected = nearest(column(a, "x"), column(a, "y"), column(b, "x"), column(b, "y"), { k: 2 });
    const { fields, rows } = await db.analyst.query<Row>("SELECT * FROM found ORDER BY id, rank");
    assert.deepEqual(
      fields.map(({ name }) => name),
      ["id", "rank", "target_id", "distance", "name"],
    );
    assert.deepEqual(
      rows,
      Array.from(expected.indices, (target, q) => ({
        id: a[Math.floor(q / 2)]!.id,
        rank: (q % 2) + 1,
        target_id: b[target]!.id,
        distance: expected.distances[q],
        name: a[Math.floor(q / 2)]!.name,
      })),
    );
    const key = await rowsOf(
      "SELECT pg_get_constraintdef(oid) AS key FROM pg_constraint WHERE conrelid = 'found'::regclass AND contype = 'p'",
    );
    assert.equal(key[0]!.key, "PRIMARY KEY (id, rank)");
  });

  it("has id and place under the names of the query's, or of parameters of its own", async () => {
    const other = "SELECT id AS code, x AS lon, y AS lat FROM shops";
    const named = { ...xy, targets: other, targets_id: "code", targets_x: "lon", targets_y: "lat" };
    const done = await run(db.analyst, "nearest", homes, named, "renamed");
    assert.equal(done.state, "ready", done.error_message ?? "");
    await run(db.analyst, "nearest", homes, { ...xy, targets: "SELECT * FROM shops" }, "alike");
    assert.deepEqual(
      await rowsOf("SELECT * FROM renamed ORDER BY id"),
      await rowsOf("SELECT * FROM alike ORDER BY id"),
    );
    // coordinates of the query, a place of the table
    const place = `SELECT id, json_build_object('type', 'Point', 'coordinates', ARRAY[x, y]) AS geom FROM shops WHERE x <> 'NaN'`;
    const mixed = await run(db.analyst, "nearest", homes, { ...xy, targets: place }, "mixed");
    assert.equal(mixed.state, "ready", mixed.error_message ?? "");
    assert.deepEqual(await rowsOf("SELECT * FROM mixed ORDER BY id"), await rowsOf("SELECT * FROM alike ORDER BY id"));
  });

  it("is the same for all groups", async () => {
    const params = { ...xy, targets: "SELECT * FROM shops", by: ["odd"] };
    const done = await run(db.analyst, "nearest", "SELECT *, id % 2 = 1 AS odd FROM homes", params, "grouped");
    assert.equal(done.state, "ready", done.error_message ?? "");
    assert.equal((done.summary.groups as { count: number }).count, 2);
    assert.deepEqual(
      await rowsOf("SELECT id, rank, target_id, distance FROM grouped ORDER BY id"),
      await rowsOf("SELECT id, rank, target_id, distance FROM alike ORDER BY id"),
    );
  });

  it("is checked when the job is asked for, as the query is", async () => {
    const refused = (targets: string, what: RegExp, more = {}): Promise<void> =>
      assert.rejects(ask(db.analyst, "nearest", homes, { ...xy, targets, ...more }, "never"), what);
    await refused("SELECT 1; SELECT 2", /INVALID_QUERY: .*/);
    await refused("INSERT INTO shops VALUES ('x', 1, 1) RETURNING *", /INVALID_QUERY/);
    await refused(
      "SELECT x, y FROM shops",
      /MISSING_COLUMN: the table targets has no id column: there is none of cartodb_id, id/,
      { id: "id" },
    );
    await refused("SELECT id FROM shops", /MISSING_COLUMN: no column has the places/);
    await refused(
      "SELECT * FROM shops",
      /MISSING_COLUMN: there is no column "lon", which the parameter targets_x asks for/,
      { targets_x: "lon" },
    );
    await refused(
      "SELECT *, x::text AS lon FROM shops",
      /WRONG_COLUMN_TYPE: the column "lon" is of type text; targets_x needs a number/,
      { targets_x: "lon" },
    );
    await refused("SELECT * FROM shops", /INVALID_PARAMETER: targets_x and targets_y go together/, {
      targets_x: "x",
      y: undefined,
      x: undefined,
      geometry: "name",
    });
    await refused("", /INVALID_PARAMETER: nearest: params.targets is empty/);
    await assert.rejects(
      ask(db.analyst, "nearest", homes, xy),
      /INVALID_PARAMETER: nearest: params.targets is missing/,
    );
  });

  it("runs read-only, within the limits of rows, and once only", async () => {
    const writes = "SELECT id, x, y FROM shops, nextval('counter')";
    await db.analyst.query("CREATE SEQUENCE counter");
    const refused = await run(db.analyst, "nearest", homes, { ...xy, targets: writes }, "never");
    assert.deepEqual([refused.state, refused.error_code], ["failed", "QUERY_FAILED"]);
    const many = "SELECT g AS id, g::float8 AS x, g::float8 AS y FROM generate_series(1, 60) g";
    const limited = await run(db.analyst, "nearest", homes, { ...xy, targets: many, row_limit: 55 }, "never");
    assert.deepEqual(
      [limited.error_code, limited.error_message],
      ["ROW_LIMIT", "the query of targets returns more than 55 rows"],
    );
    const twice = await run(
      db.analyst,
      "nearest",
      homes,
      { ...xy, targets: "SELECT 1 AS id, x, y FROM shops" },
      "never",
    );
    assert.deepEqual([twice.state, twice.error_code], ["failed", "DUPLICATE_ID"]);
    const none = await run(
      db.analyst,
      "nearest",
      homes,
      { ...xy, targets: "SELECT * FROM shops WHERE false" },
      "never",
    );
    assert.deepEqual([none.state, none.error_code], ["failed", "K_TOO_LARGE"]);
  });

  it("is seen as the query is, at one moment, whatever is committed between", async () => {
    await db.analyst.query("CREATE TABLE moving AS SELECT * FROM shops");
    await db.admin.query("SELECT pg_advisory_lock(42)");
    const waiting = "SELECT h.* FROM homes h, pg_advisory_xact_lock(42)";
    const job = await ask(db.analyst, "nearest", waiting, { ...xy, targets: "SELECT * FROM moving" }, "at_once");
    const waiters = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
    while ((await db.admin.query(waiters)).rowCount === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await db.analyst.query("DELETE FROM moving");
    await db.admin.query("SELECT pg_advisory_unlock(42)");
    const { state, error_message } = await until(db.analyst, job, ended);
    assert.deepEqual([state, error_message], ["ready", null]);
  });
});
