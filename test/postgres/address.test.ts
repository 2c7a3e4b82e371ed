import assert from "node:assert/strict";
import { parseAddress, showAddress } from "#dist/postgres/address.js";
import { connect } from "#dist/postgres/connect.js";
import { failure } from "../support/assertions.js";

describe("a connection URL", () => {
  /** What is given, without what is not. */
  const of = (url: string) =>
    Object.fromEntries(Object.entries(parseAddress(url)).filter(([, value]) => value !== undefined));

  it("has the parts that libpq finds in it", () => {
    const plain = { iam: false, parameters: {} };
    assert.deepEqual(of("postgres://me:p%40s%2Fs@db.example.com:5433/gis"), {
      ...plain,
      host: "db.example.com",
      port: 5433,
      user: "me",
      password: "p@s/s",
      database: "gis",
    });
    assert.deepEqual(of("postgresql://"), plain);
    assert.deepEqual(of("postgres:///gis"), { ...plain, database: "gis" });
    assert.deepEqual(of("postgres://me@[::1]:5432/a%20b"), {
      ...plain,
      host: "::1",
      port: 5432,
      user: "me",
      database: "a b",
    });
    assert.deepEqual(of("postgres://%2Fvar%2Frun%2Fpostgresql/gis"), {
      ...plain,
      host: "/var/run/postgresql",
      database: "gis",
    });
    assert.deepEqual(of("postgres://me@/gis?host=/tmp&port=1&password=a+b%26&sslmode=require"), {
      iam: false,
      host: "/tmp",
      port: 1,
      user: "me",
      password: "a+b&",
      database: "gis",
      parameters: { host: "/tmp", port: "1", password: "a+b&", sslmode: "require" },
    });
    assert.deepEqual(of("rds-iam://me@host/gis"), {
      iam: true,
      host: "host",
      user: "me",
      database: "gis",
      parameters: {},
    });
  });

  it("is shown without its password and parameters", () => {
    for (const [url, shown] of [
      ["postgres://me:hunter2@host:5433/gis?password=hunter2&options=hunter2", "postgres://me@host:5433/gis"],
      ["rds-iam://me:hunter2@[::1]/gis", "postgres://me@[::1]/gis"],
      ["postgres://host/a%0Ab", "postgres://host/a%0Ab"],
    ]) {
      assert.equal(showAddress(parseAddress(url!)), shown);
    }
  });

  it("that cannot be read, or could be read wrongly, is refused without being shown", async () => {
    for (const url of [
      "me:hunter2@host/gis",
      "hunter2",
      "host=host password=hunter2",
      "//me:hunter2@host/gis",
      "http://me:hunter2@host/gis",
      "postgres:me:hunter2@host/gis",
      "postgres://me:12/hunter2@host/gis",
      "postgres://me:12?hunter2@host/gis",
      "postgres://me:12#hunter2@host/gis",
      "postgres://me:hunter2%@host/gis",
      "postgres://me:hunter2@host:port/gis",
      "postgres://me:hunter2@one,two/gis",
      "postgres://host/gis?port=hunter2",
    ]) {
      await assert.rejects(connect(url, "test"), (error: Error & { hint: string; cause?: unknown }) => {
        assert.doesNotMatch(`${error.message} ${error.hint} ${String(error.cause)} ${error.stack}`, /hunter2/);
        return failure("CONNECTION_FAILED", /not a URL that can be read/)(error);
      });
    }
  });

  it("may hold any text that is percent-encoded", () => {
    for (const text of ["a:b@c/d?e#f%g&h+i j", "ü中\u{1f600}", "'\"\\"]) {
      const { user, password, database } = parseAddress(
        `postgres://${[text, text].map(encodeURIComponent).join(":")}@host/${encodeURIComponent(text)}`,
      );
      assert.deepEqual([user, password, database], [text, text, text]);
    }
  });
});
