import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { createRole } from "#dist/demo/server.js";
import { gateway } from "#dist/lambda/gateway.js";
import { connect } from "#dist/postgres/connect.js";
import { install } from "#dist/install/install.js";
import { failure } from "../support/assertions.js";
import { keepEnvironment } from "../support/environment.js";
import { startTlsServer, type TlsServer } from "../support/tls.js";
import { cli } from "../support/workers.js";

describe("TLS of a connection", () => {
  let server: TlsServer;
  const restore = keepEnvironment();

  function forget(): void {
    delete process.env.PGSSLMODE;
    delete process.env.PGSSLROOTCERT;
  }
  before(async () => {
    server = await startTlsServer(
      [
        "hostnossl all tls_only 127.0.0.1/32 reject",
        "hostssl all plain_only 127.0.0.1/32 reject",
        // a token of RDS is checked by RDS alone; as there, it is taken over TLS only
        "hostssl all by_token 127.0.0.1/32 trust",
        "hostnossl all by_token 127.0.0.1/32 reject",
      ],
      ["tls_only", "plain_only", "by_token"].map(createRole),
    );
    process.env.HOME = server.home;
    forget();
  });
  after(async () => {
    restore();
    await server.close();
  });
  afterEach(forget);

  const at = (parameters: Record<string, string>, role = "tls_only", host: "localhost" | "127.0.0.1" = "localhost") =>
    `${server.url(role, host)}?${new URLSearchParams(parameters)}`;

  /** Whether the connection is encrypted. */
  async function encrypted(url: string): Promise<boolean> {
    const client = await connect(url, "test");
    try {
      const { rows } = await client.query<{ ssl: boolean }>("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
      return rows[0]!.ssl;
    } finally {
      await client.end();
    }
  }

  it("is used where the server has it, unless the URL says otherwise", async () => {
    assert.equal(await encrypted(server.url("postgres")), true);
    assert.equal(await encrypted(at({ sslmode: "disable" }, "postgres")), false);
    assert.equal(await encrypted(at({ sslmode: "allow" }, "postgres")), false);
    for (const sslmode of ["prefer", "require"]) assert.equal(await encrypted(at({ sslmode }, "postgres")), true);
  });

  it("is not asked for again where a server has said that it has none", async () => {
    const asked: string[] = [];
    const bare = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", (message) => {
        // the request for TLS is a number in place of a version
        const tls = message.readInt32BE(4) === 80_877_103;
        asked.push(tls ? "TLS" : "plain");
        if (tls) socket.write("N");
        else socket.destroy();
      });
    });
    await new Promise<void>((resolve) => bare.listen(0, "127.0.0.1", resolve));
    const { port } = bare.address() as AddressInfo;
    for (let i = 0; i < 2; i++)
      await assert.rejects(
        connect(`postgres://anyone@127.0.0.1:${port}/any`, "test"),
        failure("CONNECTION_FAILED", /./),
      );
    bare.close();
    assert.deepEqual(asked, ["TLS", "plain", "plain"]);
  });

  it("with allow and prefer is as the server wants it, with the others as they say", async () => {
    for (const sslmode of ["allow", "prefer"]) {
      assert.equal(await encrypted(at({ sslmode })), true);
      assert.equal(await encrypted(at({ sslmode }, "plain_only")), false);
    }
    await assert.rejects(encrypted(at({ sslmode: "disable" })), failure("CONNECTION_FAILED", /rejects connection/));
    await assert.rejects(
      encrypted(at({ sslmode: "require" }, "plain_only")),
      failure("CONNECTION_FAILED", /rejects connection/),
    );
  });

  it("checks no certificate with require, as psql does, and the name too with verify-full", async () => {
    const sslrootcert = server.authority;
    assert.equal(await encrypted(at({ sslmode: "require" }, "tls_only", "127.0.0.1")), true);
    assert.equal(await encrypted(at({ sslmode: "verify-ca", sslrootcert }, "tls_only", "127.0.0.1")), true);
    assert.equal(await encrypted(at({ sslmode: "verify-full", sslrootcert })), true);
    await assert.rejects(
      encrypted(at({ sslmode: "verify-full", sslrootcert }, "tls_only", "127.0.0.1")),
      failure("CONNECTION_FAILED", /does not match certificate's altnames/),
    );
  });

  it("checks the authority with require, where a root certificate is given", async () => {
    for (const sslmode of ["require", "verify-ca", "verify-full"]) {
      const url = at({ sslmode, sslrootcert: server.other });
      await assert.rejects(encrypted(url), failure("CONNECTION_FAILED", /self-signed certificate|unable to/));
    }
    assert.equal(
      await encrypted(at({ sslmode: "require", sslrootcert: server.authority }, "tls_only", "127.0.0.1")),
      true,
    );
    // prefer goes on without TLS, where that may be
    assert.equal(await encrypted(at({ sslmode: "prefer", sslrootcert: server.other }, "postgres")), false);
  });

  it("takes mode and certificate from PGSSLMODE and PGSSLROOTCERT, and the certificate from ~/.postgresql", async () => {
    process.env.PGSSLMODE = "verify-full";
    await assert.rejects(encrypted(server.url("tls_only")), failure("CONNECTION_FAILED", /unable to|self-signed/));
    process.env.PGSSLROOTCERT = server.authority;
    assert.equal(await encrypted(server.url("tls_only")), true);
    assert.equal(await encrypted(at({ sslmode: "disable" }, "postgres")), false);
    delete process.env.PGSSLROOTCERT;
    const folder = path.join(server.home, ".postgresql");
    await mkdir(folder);
    try {
      await copyFile(server.authority, path.join(folder, "root.crt"));
      assert.equal(await encrypted(server.url("tls_only")), true);
      await copyFile(server.other, path.join(folder, "root.crt"));
      await assert.rejects(
        encrypted(at({ sslmode: "require" })),
        failure("CONNECTION_FAILED", /unable to|self-signed/),
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("that fails for want of an authority is an error that leads to the file", async () => {
    await assert.rejects(encrypted(at({ sslmode: "verify-full" })), (error: Error & { hint: string }) => {
      assert.match(error.hint, /sslrootcert=FILE in the URL, or PGSSLROOTCERT/);
      assert.match(error.hint, /https:\/\/truststore\.pki\.rds\.amazonaws\.com\/global\/global-bundle\.pem/);
      return true;
    });
  });

  it("is refused where the URL asks for what is not there", async () => {
    for (const [parameters, message] of [
      [{ sslmode: "verify-ca" }, /needs sslrootcert for verify-ca/],
      [{ sslmode: "verify" }, /has no sslmode "verify"/],
      [{ sslmode: "verify-full", sslrootcert: "/nonexistent/root.pem" }, /cannot read sslrootcert: ENOENT/],
      [{ sslmode: "require", sslrootcert: "system" }, /takes no sslrootcert=system with require/],
      [{ sslmode: "verify-full", sslcrl: "revoked.pem" }, /does not know the parameter sslcrl/],
      [{ sslmode: "prefer", sslnegotiation: "direct" }, /takes no sslnegotiation=direct with prefer/],
    ] as [Record<string, string>, RegExp][]) {
      await assert.rejects(encrypted(at(parameters)), failure("CONNECTION_FAILED", message));
    }
  });

  describe("with a token of RDS", () => {
    const reference = (): string => {
      const { host, pathname } = new URL(server.url("by_token"));
      return `rds-iam://by_token@${host}${pathname}?sslrootcert=${encodeURIComponent(server.authority)}`;
    };
    const aws = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret", AWS_REGION: "eu-west-1" };
    before(async () => {
      Object.assign(process.env, aws);
      const admin = await connect(server.url("postgres"), "test");
      await install(admin, { worker: "by_token", engines: ["lambda"] });
      await admin.end();
    });

    it("is what the command line logs in with", async () => {
      const args = [cli, "status", "--database", reference(), "--json"];
      const { stdout } = await promisify(execFile)(process.execPath, args, { env: process.env });
      assert.deepEqual(JSON.parse(stdout), []);
    });

    it("is what a gateway logs in with", async () => {
      const stop = new AbortController();
      const seen = setInterval(() => {
        void connect(server.url("postgres"), "test").then(async (client) => {
          const { rows } = await client.query(
            "SELECT FROM pg_stat_activity WHERE usename = 'by_token' AND application_name = 'driveshaft worker'",
          );
          await client.end();
          if (rows.length > 0) stop.abort();
        });
      }, 200);
      const invoker = { check: () => Promise.resolve(), invoke: () => Promise.resolve(undefined), end: () => {} };
      try {
        await gateway({
          database: reference(),
          functions: () => "function",
          invoker,
          analyses: ["moran"],
          signal: stop.signal,
        });
      } finally {
        clearInterval(seen);
      }
    });
  });
});
