import assert from "node:assert/strict";
import { PROTOCOL } from "#dist/queue/queue.js";
import { ask, run } from "../support/jobs.js";
import { createDatabase, open, type TestDatabase } from "../support/server.js";

/** An error of the server that says our code and a message. */
function raises(code: string, message: RegExp, hint?: RegExp): (error: unknown) => boolean {
  return (error) => {
    const { message: text, hint: advice = "" } = error as { message: string; hint?: string };
    assert.ok(text.startsWith(`${code}: `), text);
    assert.match(text, message);
    if (hint) assert.match(advice, hint);
    return true;
  };
}

describe("a request", () => {
  let db: TestDatabase;
  const good = "SELECT id, x, y, v FROM t";
  const params = { value: "v", x: "x", y: "y" };

  before(async () => {
    db = await createDatabase();
    await db.analyst.query(
      "CREATE TABLE t AS SELECT g AS id, random() AS x, random() AS y, random() AS v, 'a' || g AS label FROM generate_series(1, 30) g",
    );
  });
  after(() => db.close());

  it("with a typo in the analysis is an SQL error that names the nearest", async () => {
    await assert.rejects(
      ask(db.analyst, "moran_locl", good, params),
      raises(
        "UNKNOWN_ANALYSIS",
        /no analysis "moran_locl"/,
        /Did you mean moran_local\? There are: .*kmeans, .*moran, /,
      ),
    );
  });

  const parameters: [title: string, params: object, code: string, message: RegExp, hint: RegExp][] = [
    [
      "an unknown parameter",
      { ...params, permutation: 9 },
      "UNKNOWN_PARAMETER",
      /params has no parameter "permutation"/,
      /Did you mean permutations\?/,
    ],
    [
      "an unknown parameter of the weights",
      { ...params, weights: { type: "knn", K: 9 } },
      "UNKNOWN_PARAMETER",
      /params.weights has no parameter "K"/,
      /Expected: .*great_circle/,
    ],
    [
      "a parameter of the wrong type",
      { ...params, permutations: "many" },
      "INVALID_PARAMETER",
      /params.permutations is "many", of type string/,
      /Expected integer/,
    ],
    [
      "a fraction for a whole number",
      { ...params, seed: 1.5 },
      "INVALID_PARAMETER",
      /params.seed is 1.5/,
      /Expected integer/,
    ],
    [
      "a number out of range",
      { ...params, significance: 1 },
      "INVALID_PARAMETER",
      /params.significance is 1/,
      /between 0 and 1/,
    ],
    [
      "too many permutations",
      { ...params, permutations: 1e9 },
      "INVALID_PARAMETER",
      /params.permutations is 1000000000/,
      /0 to 99999999/,
    ],
    [
      "a word that is none of the choices",
      { ...params, alternative: "both" },
      "INVALID_PARAMETER",
      /params.alternative is "both"/,
      /two-sided/,
    ],
    [
      "an unknown kind of weights",
      { ...params, weights: { type: "quen" } },
      "INVALID_PARAMETER",
      /params.weights is/,
      /queen, rook, knn/,
    ],
    [
      "weights that are no object",
      { ...params, weights: "queen" },
      "INVALID_PARAMETER",
      /params.weights is "queen"/,
      /an object with type queen, rook, knn/,
    ],
    ["no value", { x: "x", y: "y" }, "INVALID_PARAMETER", /params.value is missing/, /column with the variable/],
    ["parameters that are no object", [], "INVALID_PARAMETER", /params is \[\], of type array/, /Expected object/],
    [
      "a missing column",
      { ...params, value: "w" },
      "MISSING_COLUMN",
      /no column "w", which the parameter value asks for/,
      /The columns are: id, x, y, v\./,
    ],
    ["a missing id", { ...params, id: "key" }, "MISSING_COLUMN", /no column "key"/, /The columns are/],
    [
      "no place",
      { value: "v" },
      "MISSING_COLUMN",
      /no column has the places: there is none of the_geom, geom, geometry/,
      /two with x and y/,
    ],
    ["half a place", { value: "v", x: "x" }, "INVALID_PARAMETER", /only x is given/, /Name both/],
  ];
  for (const [title, given, code, message, hint] of parameters) {
    it(`with ${title} is an SQL error at once`, async () => {
      await assert.rejects(ask(db.analyst, "moran_local", good, given), raises(code, message, hint));
    });
  }

  it("with a column of the wrong type is an SQL error at once", async () => {
    const query = "SELECT *, ARRAY[id] AS ids FROM t";
    await assert.rejects(
      ask(db.analyst, "moran_local", query, { ...params, value: "label" }),
      raises("WRONG_COLUMN_TYPE", /"label" is of type text; value needs a number/),
    );
    await assert.rejects(
      ask(db.analyst, "moran_local", "SELECT *, to_json(id) AS j FROM t", { ...params, id: "j" }),
      raises("WRONG_COLUMN_TYPE", /"j" is of type json; id needs a type that can be a primary key/),
    );
    await assert.rejects(
      ask(db.analyst, "moran_local", query, { value: "v", geometry: "ids" }),
      raises("WRONG_COLUMN_TYPE", /"ids" is of type integer\[\]; geometry needs/),
    );
    await assert.rejects(
      ask(db.analyst, "moran_local", "SELECT x, y, v FROM t", params),
      raises("MISSING_COLUMN", /no id column: there is none of cartodb_id, id/),
    );
  });

  it("for a result that no table can be is an SQL error at once", async () => {
    const include = (query: string, ...names: string[]): Promise<string> =>
      ask(db.analyst, "moran_local", `SELECT t.*, ${query} FROM t`, { ...params, include: names });
    await assert.rejects(
      include("t.ctid", "ctid"),
      raises("INVALID_PARAMETER", /include names the column "ctid", which every table has of its own/),
    );
    await assert.rejects(
      include("ROW(1, 2) AS pair", "pair"),
      raises("WRONG_COLUMN_TYPE", /"pair", which the parameter include asks for, is of type record, which no table/),
    );
    await assert.rejects(
      ask(db.analyst, "moran_local", "SELECT ROW(id, id) AS pair, x, y, v FROM t", { ...params, id: "pair" }),
      raises("WRONG_COLUMN_TYPE", /"pair" is of type record; id needs a type that can be a primary key/),
    );
    const many = Array.from({ length: 1600 }, (_, i) => `c${i}`);
    await assert.rejects(
      include(many.map((name) => `1 AS ${name}`).join(", "), ...many),
      raises("INVALID_PARAMETER", /the result has 16\d\d columns, a table at most 1600/, /Include fewer/),
    );
  });

  it("for what points have not, or for a quantile above their number, is an SQL error at once", async () => {
    for (const weights of [{ type: "rook" }, { type: "union", of: [{ type: "knn" }, { type: "queen" }] }]) {
      await assert.rejects(
        ask(db.analyst, "moran_local", good, { ...params, weights }),
        raises("INVALID_PARAMETER", /weights of type (rook|queen) needs polygons, but x and y are points/, /knn/),
      );
    }
    await assert.rejects(
      ask(db.analyst, "correlogram", good, { ...params, bin_by: "order" }),
      raises("INVALID_PARAMETER", /bin_by order needs polygons/),
    );
    await assert.rejects(
      ask(db.analyst, "quantile_lisa", good, { x: "x", y: "y", values: ["v"], quantiles: 4 }),
      raises("INVALID_PARAMETER", /params.quantile is 5, more than quantiles, which is 4/, /which one, 1 the lowest/),
    );
    const weights = { type: "query", query: "SELECT 1 AS focal, 2 AS neighbor, 'x' AS weight" };
    await assert.rejects(
      ask(db.analyst, "moran_local", good, { ...params, weights }),
      raises("WRONG_COLUMN_TYPE", /"weight" is of type text; weights.query needs a number/),
    );
  });

  it("whose id column has the name of a result column is an SQL error at once", async () => {
    await assert.rejects(
      ask(db.analyst, "moran_local", "SELECT id AS cluster, x, y, v FROM t", { ...params, id: "cluster" }),
      raises("INVALID_PARAMETER", /the id column is called "cluster"/),
    );
  });

  const queries: [title: string, query: string, message: RegExp][] = [
    ["two statements", "SELECT id, x, y, v FROM t; DROP TABLE t", /SQLSTATE/],
    ["a semicolon", "SELECT id, x, y, v FROM t;", /SQLSTATE/],
    ["a statement that writes", "INSERT INTO t (id) VALUES (99) RETURNING id, x, y, v", /SQLSTATE/],
    ["a hidden statement that writes", "WITH w AS (DELETE FROM t RETURNING *) SELECT id, x, y, v FROM w", /SQLSTATE/],
    ["a statement without rows", "DROP TABLE t", /SQLSTATE/],
    ["a table that is not there", "SELECT * FROM nowhere", /relation "nowhere" does not exist/],
    ["a bracket that closes ours", "SELECT id, x, y, v FROM t) q; DROP TABLE t; --", /SQLSTATE/],
    ["a COPY", "COPY t TO PROGRAM 'true'", /SQLSTATE/],
    ["two columns of one name", "SELECT id, x, y, v, v FROM t", /ambiguous/],
  ];
  for (const [title, query, message] of queries) {
    it(`whose query is ${title} is an SQL error at once, and runs nothing`, async () => {
      await assert.rejects(ask(db.analyst, "moran_local", query, params), raises("INVALID_QUERY", message));
      assert.equal((await db.analyst.query("SELECT FROM t")).rowCount, 30);
    });
  }

  it("for a target that exists, cannot be created, or is no name is an SQL error at once", async () => {
    const to = (target: string): Promise<string> => ask(db.analyst, "moran_local", good, params, target);
    await assert.rejects(to("t"), raises("TARGET_EXISTS", /public.t exists already/, /Name another target/));
    await assert.rejects(
      to("pg_catalog.mine"),
      raises("TARGET_INVALID", /may not create tables in the schema pg_catalog/),
    );
    await assert.rejects(to("nowhere.mine"), raises("TARGET_INVALID", /schema nowhere/));
    await assert.rejects(to("a.b.c"), raises("TARGET_INVALID", /not a table name/));
    await assert.rejects(to("x; DROP TABLE t"), raises("TARGET_INVALID", /not a table name/));
    await assert.rejects(to("x".repeat(64)), raises("TARGET_INVALID", /at most 63 bytes/));
  });

  it("for a target that another job is to write is refused", async () => {
    const job = await ask(db.analyst, "moran_local", good, params, "wanted");
    await assert.rejects(
      ask(db.analyst, "moran_local", good, params, "wanted"),
      raises("TARGET_BUSY", /another job is to write public.wanted/),
    );
    await db.analyst.query("SELECT cdb_cancel_analysis($1)", [job]);
    await ask(db.analyst, "moran_local", good, params, "wanted");
  });

  it("with a name of 100,000 letters is refused within its statement_timeout, in few words", async () => {
    await db.analyst.query("SET statement_timeout = '5s'");
    const long = "v".repeat(100_000);
    const refused = [
      ask(db.analyst, long, "SELECT * FROM t", {}),
      ask(db.analyst, "moran", "SELECT * FROM t", { [long]: 1 }),
    ];
    for (const asking of refused) {
      await assert.rejects(
        asking,
        (error: Error) => error.message.includes("UNKNOWN_") && error.message.length <= 2000,
      );
    }
    await db.analyst.query("RESET statement_timeout");
  });

  it("of a superuser is refused", async () => {
    await assert.rejects(
      ask(db.admin, "moran_local", good, params),
      raises("SUPERUSER_REFUSED", /postgres is a superuser/),
    );
  });

  it("cannot be made in another's name, nor made ready by its requester", async () => {
    const job = await ask(db.analyst, "moran_local", good, params, "mine");
    const denied = /permission denied/;
    await assert.rejects(
      db.analyst.query(
        "INSERT INTO driveshaft.jobs (analysis, query, params, requester) VALUES ('moran', 'SELECT 1', '{}', 'postgres')",
      ),
      denied,
    );
    await assert.rejects(db.analyst.query("UPDATE driveshaft.jobs SET state = 'ready' WHERE id = $1", [job]), denied);
    await assert.rejects(db.analyst.query("SELECT token_hash FROM driveshaft.jobs"), denied);
    await assert.rejects(
      db.analyst.query(`SELECT * FROM driveshaft.claim(${PROTOCOL}, 'me', '{analyst}', '1 s')`),
      denied,
    );
    await assert.rejects(
      db.analyst.query("SELECT driveshaft.publish($1, 'guess', '{}')", [job]),
      /no longer holds job/,
    );
    const direct = "INSERT INTO driveshaft.jobs (analysis, query, params) VALUES ('moran', 'SELECT 1', '{}')";
    await assert.rejects(db.analyst.query(direct), raises("INVALID_PARAMETER", /params.value is missing/));
  });

  it("is seen by its requester only", async () => {
    const job = await ask(db.analyst, "moran_local", good, params, "private");
    const other = await open(db.url("other"));
    assert.equal((await other.query("SELECT * FROM cdb_analysis_status($1)", [job])).rowCount, 0);
    assert.deepEqual((await other.query("SELECT cdb_cancel_analysis($1) AS done", [job])).rows, [{ done: false }]);
    await other.end();
    assert.equal((await db.analyst.query("SELECT * FROM cdb_analysis_status($1)", [job])).rowCount, 1);
  });

  it("goes with the transaction in which it was made", async () => {
    await db.analyst.query("BEGIN");
    const job = await ask(db.analyst, "moran_local", good, params, "gone");
    await db.analyst.query("ROLLBACK");
    assert.equal((await db.analyst.query("SELECT * FROM cdb_analysis_status($1)", [job])).rowCount, 0);
  });
});

describe("a job that cannot succeed", () => {
  let db: TestDatabase;
  let stopWorker: () => Promise<void>;
  before(async () => {
    db = await createDatabase();
    stopWorker = await db.startWorker();
    await db.analyst.query(
      "CREATE TABLE t AS SELECT g AS id, random() AS x, random() AS y, random() AS v FROM generate_series(1, 30) g",
    );
    await db.analyst.query(
      "CREATE FUNCTION add_row() RETURNS integer LANGUAGE sql VOLATILE AS 'INSERT INTO t (id) VALUES (99) RETURNING id'",
    );
  });
  after(async () => {
    await stopWorker();
    await db.close();
  });

  const xy = { value: "v", x: "x", y: "y" };
  const polygon = `'{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}'`;
  const cases: [title: string, query: string, params: object, code: string, message: RegExp][] = [
    ["no rows", "SELECT * FROM t WHERE false", xy, "NO_ROWS", /no rows/],
    [
      "two usable rows",
      "SELECT id, x, y, CASE WHEN id < 3 THEN v END AS v FROM t",
      xy,
      "TOO_FEW_ROWS",
      /2 of 30 rows have a value and a place, at least 3/,
    ],
    ["constant values", "SELECT id, x, y, 4 AS v FROM t", xy, "CONSTANT_VALUES", /every value is 4/],
    ["a null id", "SELECT nullif(id, 7) AS id, x, y, v FROM t", xy, "NULL_ID", /the id column "id" is null/],
    ["repeated ids", "SELECT id % 28 AS id, x, y, v FROM t", xy, "DUPLICATE_ID", /more than once: 1, 2/],
    [
      "ids equal by value",
      "SELECT (id / 2)::numeric(8,2) * CASE WHEN id % 2 = 0 THEN 1.0 ELSE 1.00 END AS id, x, y, v FROM t WHERE id > 1",
      xy,
      "DUPLICATE_ID",
      /more than once/,
    ],
    [
      "ids that only the server knows to be equal",
      "SELECT CASE id WHEN 1 THEN interval '1 day' WHEN 2 THEN '24 h' ELSE make_interval(years => id) END AS id, x, y, v FROM t",
      xy,
      "DUPLICATE_ID",
      /Key \(id\)=\(.*\) is duplicated/,
    ],
    [
      "k of n or more",
      "SELECT * FROM t",
      { ...xy, weights: { type: "knn", k: 30 } },
      "K_TOO_LARGE",
      /k is 30, but there are only 30 points/,
    ],
    [
      "invalid WKB",
      String.raw`SELECT id, v, CASE WHEN id = 9 THEN '\x01020304'::bytea ELSE '\x0000000001'::bytea || float8send(x) || float8send(y) END AS geom FROM t`,
      { value: "v" },
      "INVALID_GEOMETRY",
      /the row with id 9: geometry ends after 4 bytes/,
    ],
    [
      "invalid GeoJSON",
      `SELECT id, v, CASE WHEN id = 9 THEN 'POINT(1 2)' ELSE '{"type":"Point","coordinates":[1,2]}' END AS geom FROM t`,
      { value: "v" },
      "INVALID_GEOMETRY",
      /the row with id 9: the text is not JSON/,
    ],
    [
      "GeoJSON that is nested deeply",
      `SELECT id, v, CASE WHEN id = 9 THEN '{"type":"Point","coordinates":' || repeat('[', 100000) || repeat(']', 100000) || '}'
         ELSE '{"type":"Point","coordinates":[1,2]}' END AS geom FROM t`,
      { value: "v" },
      "INVALID_GEOMETRY",
      /the row with id 9: a position is/,
    ],
    [
      "coordinates whose squares are no numbers",
      "SELECT id, CASE id WHEN 9 THEN -1e155 ELSE x END AS x, y, v FROM t",
      xy,
      "INVALID_GEOMETRY",
      /the row with id 9: coordinates -1e\+155 .* are out of range/,
    ],
    [
      "mixed geometry for contiguity",
      `SELECT id, v, CASE WHEN id = 9 THEN '{"type":"Point","coordinates":[1,2]}' ELSE ${polygon} END AS geom FROM t`,
      { value: "v", weights: { type: "rook" } },
      "MIXED_GEOMETRY",
      /weights of type rook need polygons/,
    ],
    [
      "points for contiguity",
      `SELECT id, v, '{"type":"Point","coordinates":[1,2]}' AS geom FROM t`,
      { value: "v", weights: { type: "queen" } },
      "INVALID_PARAMETER",
      /queen, which needs polygons/,
    ],
    [
      "a query that writes behind a function",
      "SELECT id, x, y, v, add_row() FROM t",
      xy,
      "QUERY_FAILED",
      /read-only transaction/,
    ],
    [
      "a query that fails half way",
      "SELECT id, x, y, 1 / (id - 20) AS v FROM t",
      xy,
      "QUERY_FAILED",
      /division by zero \(SQLSTATE 22012\)/,
    ],
  ];
  for (const [title, query, params, code, message] of cases) {
    it(`fails with ${code} for ${title}, and makes no table`, async () => {
      const { state, error_code, error_message, target } = await run(db.analyst, "moran_local", query, params);
      assert.deepEqual([state, error_code], ["failed", code], error_message ?? "");
      assert.match(error_message!, message);
      assert.deepEqual((await db.analyst.query("SELECT to_regclass($1) AS at", [target])).rows, [{ at: null }]);
      assert.equal((await db.analyst.query("SELECT FROM t")).rowCount, 30);
    });
  }

  it("leaves a table that came up under its name as it is", async () => {
    const query = "SELECT id, x, y, v, pg_sleep(0.02) FROM t";
    const { rows } = await db.analyst.query<{ job: string }>(
      "SELECT cdb_run_analysis('moran_local', $1, $2, 'contested') AS job",
      [query, JSON.stringify(xy)],
    );
    await db.analyst.query("CREATE TABLE contested AS SELECT 1 AS mine");
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      const { rows: now } = await db.analyst.query<{ state: string; error_code: string }>(
        "SELECT * FROM cdb_analysis_status($1)",
        [rows[0]!.job],
      );
      if (now[0]!.state !== "failed") continue;
      assert.equal(now[0]!.error_code, "TARGET_EXISTS");
      break;
    }
    assert.deepEqual((await db.analyst.query("SELECT * FROM contested")).rows, [{ mine: 1 }]);
  });
});
