import assert from "node:assert/strict";
import { accountNamed } from "#dist/lambda/accounts.js";
import type { DriveshaftError } from "#dist/errors.js";
import { failure } from "../support/assertions.js";
import { startSecretsManager, type SecretsManager } from "../support/secrets-manager.js";

describe("an account of CARTO that an event names", () => {
  const key = "s3cret-key-of-alice";
  const secrets: Record<string, string> = {
    alice: JSON.stringify({ url: "https://alice.carto.com", api_key: key }),
    database: JSON.stringify({ username: "analyst", password: key, host: "db.example.com" }),
    text: key,
  };
  let manager: SecretsManager;
  before(async () => {
    manager = await startSecretsManager(secrets);
  });
  after(() => manager.close());

  const named = (name: string, accounts: object) =>
    accountNamed(name, { DRIVESHAFT_ACCOUNTS: JSON.stringify(accounts) });

  it("is a secret, or stands in the environment", async () => {
    const expected = { url: "https://alice.carto.com", apiKey: key };
    assert.deepEqual(await named("a", { a: "secretsmanager://alice" }), expected);
    assert.deepEqual(await named("a", { a: { url: expected.url, api_key: key } }), expected);
  });

  it("is one of those that are listed, and a message does not repeat the name, which may be a key", async () => {
    await assert.rejects(named(key, { a: "secretsmanager://alice" }), (error: DriveshaftError) => {
      failure("INVALID_EVENT", /knows no account of CARTO by the name/)(error);
      return !error.message.includes(key);
    });
    await assert.rejects(accountNamed("a", {}), failure("INVALID_EVENT", /knows no account/));
  });

  it("is no other secret, so that none can be sent to a server of somebody's choice; nor is one shown", async () => {
    for (const secret of ["database", "text"]) {
      await assert.rejects(named("a", { a: `secretsmanager://${secret}` }), (error: DriveshaftError) => {
        failure("CONNECTION_FAILED", /the secret \w+ is no JSON of an account of CARTO/)(error);
        return !JSON.stringify([error, error.message, error.cause]).includes(key);
      });
    }
    await assert.rejects(
      named("a", { a: "secretsmanager://none" }),
      failure("CONNECTION_FAILED", /the secret none cannot be read: ResourceNotFoundException/),
    );
    await assert.rejects(
      named("a", { a: key }),
      failure("CONNECTION_FAILED", /the variable DRIVESHAFT_ACCOUNTS is no JSON of accounts/),
    );
  });
});
