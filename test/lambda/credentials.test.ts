import assert from "node:assert/strict";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { credentialsFromEnvironment } from "#dist/lambda/credentials.js";
import { functionsOf } from "#dist/lambda/functions.js";
import { startDeadline } from "#dist/lambda/deadline.js";
import { failure } from "../support/assertions.js";

describe("credentials of a function", () => {
  const secrets: Record<string, string> = {
    url: "postgres://analyst:p%40ss@host:5432/gis",
    rds: JSON.stringify({ username: "other", password: "a/b c", host: "db.example.com", port: 5433, dbname: "gis" }),
    roles: JSON.stringify({ analyst: "secretsmanager://url" }),
  };
  const asked: { id: string; headers: IncomingHttpHeaders }[] = [];
  let server: Server;
  const saved = { ...process.env };

  before(async () => {
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        const { SecretId: id } = JSON.parse(body) as { SecretId: string };
        asked.push({ id, headers: request.headers });
        const found = secrets[id];
        response.writeHead(found ? 200 : 400, { "content-type": "application/x-amz-json-1.1" });
        response.end(
          JSON.stringify(found ? { SecretString: found } : { __type: "com.amazonaws#ResourceNotFoundException" }),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "session",
    });
  });
  after(async () => {
    process.env = saved;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const of = (connections: string | object, database = "postgres://worker@host/gis") =>
    credentialsFromEnvironment({
      DRIVESHAFT_DATABASE: database,
      DRIVESHAFT_CONNECTIONS: typeof connections === "string" ? connections : JSON.stringify(connections),
    });

  it("are URLs of its environment, by role", async () => {
    const credentials = of({ analyst: "postgres://analyst:x@host/gis" });
    assert.equal(await credentials.database(), "postgres://worker@host/gis");
    assert.deepEqual(await credentials.roles(), ["analyst"]);
    assert.equal(await credentials.connection("analyst"), "postgres://analyst:x@host/gis");
  });

  it("are secrets with a URL, or with the JSON that RDS keeps, which then is used with TLS", async () => {
    const credentials = of({ analyst: "secretsmanager://url", other: "secretsmanager://rds" });
    assert.equal(await credentials.connection("analyst"), secrets.url);
    assert.equal(
      await credentials.connection("other"),
      "postgres://other:a%2Fb%20c@db.example.com:5433/gis?sslmode=verify-full",
    );
    assert.match(
      asked.at(-1).headers.authorization!,
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/secretsmanager\//,
    );
    assert.equal(asked.at(-1).headers["x-amz-security-token"], "session");
  });

  it("are asked for once, until they are forgotten", async () => {
    const credentials = of("secretsmanager://roles");
    asked.length = 0;
    for (let i = 0; i < 3; i++) assert.equal(await credentials.connection("analyst"), secrets.url);
    assert.deepEqual(
      asked.map(({ id }) => id),
      ["roles", "url"],
    );
    credentials.forget();
    await credentials.connection("analyst");
    assert.equal(asked.length, 4);
  });

  it("are tokens of RDS, signed for the host and the user, with TLS", async () => {
    const url = new URL(await of({ analyst: "rds-iam://analyst@db.example.com:5432/gis" }).connection("analyst"));
    assert.equal(url.searchParams.get("sslmode"), "verify-full");
    const token = decodeURIComponent(url.password);
    assert.match(token, /^db\.example\.com:5432\/\?Action=connect&DBUser=analyst&/);
    assert.match(token, /X-Amz-Expires=900/);
    assert.match(token, /X-Amz-Credential=AKIDEXAMPLE%2F\d{8}%2Feu-west-1%2Frds-db%2Faws4_request/);
    assert.match(token, /X-Amz-Signature=[0-9a-f]{64}/);
  });

  it("that are not there are an error that names the secret or the role, and shows no password", async () => {
    await assert.rejects(
      of({ analyst: "secretsmanager://none" }).connection("analyst"),
      failure("CONNECTION_FAILED", /the secret none cannot be read: ResourceNotFoundException/),
    );
    await assert.rejects(of({ a: "x" }).connection("b"), failure("CONNECTION_FAILED", /no credentials for b/));
    await assert.rejects(
      of({ a: "x" }).connection("postgres://me:hunter2@host/db"),
      failure("CONNECTION_FAILED", /no credentials for the role that the event names/),
    );
    await assert.rejects(
      credentialsFromEnvironment({}).database(),
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
