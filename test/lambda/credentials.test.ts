import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { forgetSecrets } from "#dist/aws/secrets.js";
import { credentialsFromEnvironment } from "#dist/lambda/credentials.js";
import { functionsOf } from "#dist/lambda/functions.js";
import { startDeadline } from "#dist/lambda/deadline.js";
import { connect } from "#dist/postgres/connect.js";
import { resolveReference } from "#dist/postgres/reference.js";
import { connectionsFromEnvironment } from "#dist/queue/connections.js";
import { failure } from "../support/assertions.js";
import { startSecretsManager, type SecretsManager } from "../support/secrets-manager.js";

describe("credentials of a function", () => {
  const secrets: Record<string, string> = {
    url: "postgres://analyst:p%40ss@host:5432/gis",
    rds: JSON.stringify({ username: "other", password: "a/b c", host: "db.example.com", port: 5433, dbname: "gis" }),
    roles: JSON.stringify({ analyst: "secretsmanager://url" }),
    text: "analyst:hunter2@host/gis",
  };
  let manager: SecretsManager;
  before(async () => {
    manager = await startSecretsManager(secrets);
  });
  after(() => manager.close());

  const of = (connections: string | object, database = "postgres://worker@host/gis") =>
    credentialsFromEnvironment({
      DRIVESHAFT_DATABASE: database,
      DRIVESHAFT_CONNECTIONS: typeof connections === "string" ? connections : JSON.stringify(connections),
    });

  it("are those of its environment, by role", async () => {
    const credentials = of({ analyst: "postgres://analyst:x@host/gis" });
    assert.equal(credentials.database(), "postgres://worker@host/gis");
    assert.deepEqual(await credentials.roles(), ["analyst"]);
    assert.equal(await credentials.connection("analyst"), "postgres://analyst:x@host/gis");
  });

  it("may be one secret as a whole, for functions and for workers", async () => {
    const list = { analyst: "secretsmanager://url" };
    assert.equal(await of("secretsmanager://roles").connection("analyst"), list.analyst);
    process.env.DRIVESHAFT_CONNECTIONS = "secretsmanager://roles";
    assert.deepEqual(await connectionsFromEnvironment("DRIVESHAFT_CONNECTIONS")(), list);
  });

  it("are secrets with a URL, or with the JSON that RDS keeps, which then is used with TLS", async () => {
    const { user, password } = await resolveReference("secretsmanager://url");
    assert.deepEqual([user, password], ["analyst", "p@ss"]);
    const other = await resolveReference("secretsmanager://rds");
    const { username, dbname, ...same } = JSON.parse(secrets.rds!) as Record<string, string>;
    assert.deepEqual(other, {
      ...same,
      iam: false,
      user: username,
      database: dbname,
      parameters: { sslmode: "verify-full" },
    });
    assert.match(
      manager.asked.at(-1).headers.authorization!,
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/secretsmanager\//,
    );
    assert.equal(manager.asked.at(-1).headers["x-amz-security-token"], "session");
  });

  it("are asked for once, until a connection is refused", async () => {
    forgetSecrets();
    manager.asked.length = 0;
    for (let i = 0; i < 3; i++) await resolveReference("secretsmanager://url");
    assert.deepEqual(
      manager.asked.map(({ id }) => id),
      ["url"],
    );
    await assert.rejects(connect("postgres://analyst@127.0.0.1:9/gis", "test"), failure("CONNECTION_FAILED", /:9/));
    await resolveReference("secretsmanager://url");
    assert.equal(manager.asked.length, 2);
  });

  it("are secrets of the region that their ARN names", async () => {
    const id = "arn:aws:secretsmanager:us-west-2:123456789012:secret:url-AbCdEf";
    secrets[id] = secrets.url!;
    assert.equal((await resolveReference(`secretsmanager://${id}`)).user, "analyst");
    assert.match(manager.asked.at(-1).headers.authorization!, /\/us-west-2\/secretsmanager\//);
  });

  it("are tokens of RDS, signed for the host and the user, with TLS", async () => {
    const { password, parameters } = await resolveReference("rds-iam://analyst@db.example.com:5432/gis");
    assert.deepEqual(parameters, { sslmode: "verify-full" });
    assert.match(password!, /^db\.example\.com:5432\/\?Action=connect&DBUser=analyst&/);
    assert.match(password!, /X-Amz-Expires=900/);
    assert.match(password!, /X-Amz-Credential=AKIDEXAMPLE%2F\d{8}%2Feu-west-1%2Frds-db%2Faws4_request/);
    assert.match(password!, /X-Amz-Signature=[0-9a-f]{64}/);
    const elsewhere = await resolveReference("rds-iam://analyst@gis.abc.ap-south-1.rds.amazonaws.com/gis");
    assert.match(elsewhere.password!, /%2Fap-south-1%2Frds-db%2F/);
    await assert.rejects(resolveReference("rds-iam://host/gis"), failure("CONNECTION_FAILED", /no user or host/));
  });

  it("are found where the tools of AWS find theirs, outside of a function", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "driveshaft-aws-"));
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env;
    try {
      const file = path.join(folder, "credentials");
      await writeFile(file, "[gis]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = secret\n");
      delete process.env.AWS_ACCESS_KEY_ID;
      delete process.env.AWS_SECRET_ACCESS_KEY;
      Object.assign(process.env, { AWS_SHARED_CREDENTIALS_FILE: file, AWS_PROFILE: "gis" });
      const { password } = await resolveReference("rds-iam://analyst@db.example.com/gis");
      assert.match(password!, /X-Amz-Credential=AKIDPROFILE%2F\d{8}%2Feu-west-1%2F/);
    } finally {
      delete process.env.AWS_SHARED_CREDENTIALS_FILE;
      delete process.env.AWS_PROFILE;
      Object.assign(process.env, { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY });
      await rm(folder, { recursive: true });
    }
  });

  it("that are not there are an error that names the secret or the role, and shows no password", async () => {
    await assert.rejects(
      resolveReference("secretsmanager://none"),
      failure("CONNECTION_FAILED", /the secret none cannot be read: ResourceNotFoundException/),
    );
    await assert.rejects(of({ a: "x" }).connection("b"), failure("CONNECTION_FAILED", /no credentials for b/));
    await assert.rejects(
      of({ a: "x" }).connection("postgres://me:hunter2@host/db"),
      failure("CONNECTION_FAILED", /no credentials for the role that the event names/),
    );
    for (const id of ["roles", "text"]) {
      await assert.rejects(resolveReference(`secretsmanager://${id}`), (error: Error) => {
        assert.doesNotMatch(`${error.message} ${error.stack}`, /hunter2/);
        return failure("CONNECTION_FAILED", /has no username, password or host|not a URL/)(error);
      });
    }
    assert.throws(
      () => credentialsFromEnvironment({}).database(),
      failure("CONNECTION_FAILED", /no DRIVESHAFT_DATABASE/),
    );
  });
});

describe("names of functions", () => {
  it("come from a pattern, or from a JSON object", () => {
    assert.equal(functionsOf("driveshaft-prod-*")("moran"), "driveshaft-prod-moran");
    assert.equal(functionsOf('{"moran": "m"}')("moran"), "m");
    assert.throws(
      () => functionsOf('{"moran": "m"}')("geary"),
      failure("INVOKE_FAILED", /no function is named for geary/),
    );
    assert.throws(() => functionsOf("driveshaft"), failure("INVALID_PARAMETER", /the functions are "driveshaft"/));
    assert.throws(() => functionsOf('{"a": 1}'), failure("INVALID_PARAMETER", /not a JSON object of analyses/));
  });
});

describe("a function's deadline", () => {
  it("aborts before the time is up, with the phase and the share done", async () => {
    const deadline = startDeadline(200, () => ["permutations", 0.634]);
    await new Promise((resolve) => deadline.signal.addEventListener("abort", resolve));
    assert.throws(
      () => deadline.signal.throwIfAborted(),
      failure("TIMEOUT", /the function's 0 s ran out in the phase permutations, with 63 % done/),
    );
  });

  it("does nothing once it is stopped", async () => {
    const deadline = startDeadline(50, () => undefined);
    deadline.stop();
    await new Promise((resolve) => setTimeout(resolve, 80));
    assert.equal(deadline.signal.aborted, false);
  });
});
