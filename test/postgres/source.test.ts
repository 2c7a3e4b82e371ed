import assert from "node:assert/strict";
import { querySource } from "#dist/postgres/source.js";
import { rawText, type Raw } from "#dist/table/raw.js";
import { createDatabase, roles, type TestDatabase } from "../support/server.js";

describe("a query as a source", () => {
  let db: TestDatabase;
  before(async () => {
    db = await createDatabase();
    await db.admin.query("CREATE SCHEMA theirs AUTHORIZATION analyst");
    await db.analyst.query("CREATE TYPE theirs.mood AS ENUM ('fine'); CREATE TABLE t (id int, mood theirs.mood)");
  });
  after(() => db.close());

  it("sees one snapshot in all that is read of it, by further queries too", async () => {
    await db.analyst.query("INSERT INTO t VALUES (1, 'fine')");
    const client = await db.open(roles.analyst);
    const source = await querySource(client, "SELECT id FROM t");
    const rows = await source.read([{ as: "id", column: 0 }], () => {});
    await db.analyst.query("INSERT INTO t VALUES (2, 'fine')");
    const further = await source.further!("SELECT id FROM t ORDER BY id", "the other query");
    const others = await further.read([{ as: "id", column: 0 }], () => {});
    assert.deepEqual([rows.n, others.n], [1, 1]);
    await source.close!();
    assert.equal((await client.query("SELECT FROM t")).rowCount, 2);
    await client.end();
  });

  it("changes nothing, and keeps the search_path in which its queries are looked up", async () => {
    const client = await db.open(roles.analyst);
    await client.query("SET search_path = theirs, public");
    const source = await querySource(client, "SELECT id, mood FROM t");
    assert.deepEqual(
      source.columns.map(({ type }) => type),
      ["integer", "theirs.mood"],
    );
    // its type is found by the path, after the types of the first query were looked up
    const further = await source.further!("SELECT id, 'fine'::mood AS m FROM t LIMIT 1", "the other query");
    const { columns } = await further.read([{ as: "raw", column: 1 }], () => {});
    assert.equal(rawText(columns[0] as Raw, 0), "\\x66696e65");
    await assert.rejects(client.query("INSERT INTO t VALUES (3, 'fine')"), { code: "25006" });
    await client.end();
  });
});
