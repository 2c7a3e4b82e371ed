import assert from "node:assert/strict";
import { ask, run, type Status } from "../support/jobs.js";
import { createDatabase, type TestDatabase } from "../support/server.js";

type Row = Record<string, unknown>;

describe("rows of places over time", () => {
  let db: TestDatabase;
  let stop: () => Promise<void>;
  before(async () => {
    db = await createDatabase();
    stop = await db.startWorker();
    await db.analyst.query(
      `CREATE TYPE region AS ENUM ('south', 'north');
       CREATE TABLE reports AS
         SELECT p AS place, s AS step, p % 5 AS x, p / 5 AS y, date '2024-01-01' + make_interval(months => s) AS month,
                (date '2024-01-01' + make_interval(months => s))::date AS day,
                round(10 + 5 * sin(p) + 3 * cos(s * p) + s * (p % 3)) AS value,
                CASE WHEN p < 10 THEN 'south' ELSE 'north' END::region AS region
           FROM generate_series(0, 19) p, generate_series(0, 11) s`,
    );
  });
  after(async () => {
    await stop();
    await db.close();
  });
  const params = { place: "place", time: "month", value: "value", x: "x", y: "y", weights: { type: "knn", k: 3 } };
  const pairs = {
    type: "query",
    query: `SELECT a.place AS focal, b.place AS neighbor FROM (SELECT DISTINCT place, x, y FROM reports) a,
      (SELECT DISTINCT place, x, y FROM reports) b WHERE abs(a.x - b.x) + abs(a.y - b.y) = 1`,
  };

  async function made(
    query: string,
    more: object,
    target: string,
  ): Promise<{ rows: Row[]; summary: Status["summary"] }> {
    const { state, error_message, summary } = await run(
      db.analyst,
      "emerging_hot_spots",
      query,
      { ...params, ...more },
      target,
    );
    assert.equal(state, "ready", error_message ?? "");
    const { rows } = await db.analyst.query<Row>(`SELECT * FROM ${target} ORDER BY place`);
    return { rows, summary };
  }
  const keyOf = async (table: string): Promise<string> => {
    const { rows } = await db.analyst.query<{ key: string }>(
      "SELECT pg_get_constraintdef(oid) AS key FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'p'",
      [table],
    );
    return rows[0]!.key;
  };

  it("make one row a place, whose id comes back as it was and is the key", async () => {
    const { rows, summary } = await made("SELECT * FROM reports", {}, "made");
    assert.deepEqual(
      rows.map(({ place }) => place),
      Array.from({ length: 20 }, (_, i) => i),
    );
    assert.equal(await keyOf("made"), "PRIMARY KEY (place)");
    assert.deepEqual(summary.rows, { read: 240, used: 240, undefined: 0 });
    assert.deepEqual(summary.steps, {
      count: 12,
      length: "1 month",
      from: "2024-01-01 00:00:00",
      to: "2024-12-01 00:00:00",
    });
    assert.equal(summary.warnings[0], "the times have no time zone and are taken as UTC");
  });

  it("are the same by dates, timestamps, numbers and texts, whatever the time zone of the session", async () => {
    const expected = (await made("SELECT * FROM reports", {}, "by_timestamp")).rows;
    await db.analyst.query("SET TimeZone = 'Pacific/Auckland'");
    const times = {
      by_date: "day",
      by_instant: "month AT TIME ZONE 'UTC'",
      by_number: "step::numeric",
      by_text: "to_char(day, 'YYYY-MM-DD')",
    };
    for (const [target, time] of Object.entries(times)) {
      const query = `SELECT place, x, y, value, ${time} AS moment FROM reports ORDER BY random()`;
      assert.deepEqual((await made(query, { time: "moment" }, target)).rows, expected, target);
    }
    await db.analyst.query("RESET TimeZone");
  });

  it("have neighbors by pairs of places that are given, in groups too", async () => {
    const given = await made("SELECT * FROM reports", { weights: pairs }, "given");
    assert.deepEqual(
      [given.summary.weights].map((weights) => (weights as { pairs: number }).pairs),
      [62],
    );
    const band = await made("SELECT * FROM reports", { weights: { type: "distance_band", threshold: 1 } }, "band");
    assert.deepEqual(given.rows, band.rows);
    const grouped = await made("SELECT * FROM reports", { weights: pairs, by: ["region"] }, "grouped");
    assert.equal(await keyOf("grouped"), "PRIMARY KEY (region, place)");
    const south = await made(
      "SELECT * FROM reports WHERE region = 'south'",
      { weights: { type: "distance_band", threshold: 1 } },
      "south",
    );
    const ours = grouped.rows.filter(({ region }) => region === "south").map((row) => ({ ...row, region: undefined }));
    assert.deepEqual(
      ours,
      south.rows.map((row) => ({ ...row, region: undefined })),
    );
    const unknown = { ...pairs, query: "SELECT 0 AS focal, 77 AS neighbor" };
    const failed = await run(db.analyst, "emerging_hot_spots", "SELECT * FROM reports", {
      ...params,
      weights: unknown,
    });
    assert.match(failed.error_message!, /1 id that no row has: 77/);
  });

  it("may be the same place in several groups", async () => {
    const query = "SELECT *, 'a' AS part FROM reports UNION ALL SELECT *, 'b' FROM reports WHERE place < 12";
    const { rows } = await made(query, { by: ["part"], weights: pairs }, "parts");
    assert.deepEqual([rows.length, await keyOf("parts")], [32, "PRIMARY KEY (part, place)"]);
  });

  it("are refused where they cannot be: with what is wrong and what to do", async () => {
    const refused = (query: string, more: object, message: RegExp): Promise<void> =>
      assert.rejects(ask(db.analyst, "emerging_hot_spots", query, { ...params, ...more }), message);
    await refused(
      "SELECT *, true AS b FROM reports",
      { time: "b" },
      /WRONG_COLUMN_TYPE: .*"b" is of type boolean; time needs a date, a timestamp, a number/,
    );
    await refused(
      "SELECT *, '{}'::json AS j FROM reports",
      { place: "j" },
      /WRONG_COLUMN_TYPE: .*place needs a type that can be a primary key/,
    );
    await refused("SELECT * FROM reports", { place: undefined }, /INVALID_PARAMETER: .*place is missing/);
    await refused("SELECT * FROM reports", { id: "place" }, /UNKNOWN_PARAMETER/);
    const failed = async (query: string, more: object, code: string, message: RegExp): Promise<void> => {
      const { error_code, error_message } = await run(db.analyst, "emerging_hot_spots", query, { ...params, ...more });
      assert.equal(error_code, code, error_message ?? "");
      assert.match(error_message!, message);
    };
    await failed("SELECT * FROM reports WHERE step = 3", {}, "TOO_FEW_ROWS", /there is 1 step of time/);
    await failed(
      "SELECT * FROM reports WHERE place < 2",
      { weights: { type: "knn", k: 1 } },
      "TOO_FEW_ROWS",
      /2 places/,
    );
    await failed(
      "SELECT * FROM reports WHERE step <> 3",
      {},
      "INVALID_PARAMETER",
      /not equally spaced: .* 1 month|apart/,
    );
    await failed(
      "SELECT * FROM reports WHERE step <> place",
      {},
      "INVALID_PARAMETER",
      /12 of 240 cells .* such as that of place 0 at step 1/,
    );
    await failed(
      "SELECT place, x + (step = 5 AND place = 7)::int AS x, y, month, value FROM reports",
      {},
      "INVALID_GEOMETRY",
      /rows of place 7 are at more than one place/,
    );
    await failed("SELECT nullif(place, 3) AS place, x, y, month, value FROM reports", {}, "NULL_ID", /place.* is null/);
    await failed(
      "SELECT * FROM reports",
      { step: 0.000001, unit: "seconds" },
      "INVALID_PARAMETER",
      /cells, 20 places at .* at most 10,000,000/,
    );
  });
});
