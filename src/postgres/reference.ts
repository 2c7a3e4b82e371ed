import { readSecret, secretId } from "../aws/secrets.js";
import { DriveshaftError } from "../errors.js";
import { parseAddress, type Address } from "./address.js";

/**
 * A connection, in one of these forms, wherever one is given: to the command line, a worker, a gateway or a function.
 * - `postgres://USER:PASSWORD@HOST:PORT/NAME`, a URL of libpq;
 * - `rds-iam://USER@HOST:PORT/NAME`, a URL whose password is a token of RDS, made for each connection;
 * - `secretsmanager://ID`, a secret with such a URL, or with the JSON that RDS keeps.
 *
 * The last two check the server's certificate, unless their URL has an sslmode.
 * @throws CONNECTION_FAILED
 */
export async function resolveReference(reference: string): Promise<Address> {
  const id = secretId(reference);
  if (id === undefined) return fromUrl(reference);
  const text = (await readSecret(id)).trim();
  return text.startsWith("{") ? fromSecret(id, text) : fromUrl(text);
}

function fromUrl(url: string): Promise<Address> | Address {
  const address = parseAddress(url);
  return address.iam ? withToken(address) : address;
}

async function withToken(address: Address): Promise<Address> {
  const { host, port = 5432, user } = address;
  if (host === undefined || user === undefined) {
    throw new DriveshaftError(
      "CONNECTION_FAILED",
      "the connection has no user or host, and a token of RDS is for both",
      {
        hint: "Expected rds-iam://USER@HOST:PORT/NAME.",
      },
    );
  }
  // not loaded where nobody asks AWS
  const { rdsToken } = await import("../aws/signed.js");
  try {
    const password = await rdsToken(host, port, user);
    return { ...address, port, password, parameters: { sslmode: "verify-full", ...address.parameters } };
  } catch (cause) {
    throw new DriveshaftError("CONNECTION_FAILED", `no token for ${user} of RDS: ${(cause as Error).message}`, {
      hint: "Check the credentials of AWS: `aws sts get-caller-identity` answers.",
      cause,
    });
  }
}

/** The JSON that RDS keeps of a user. */
function fromSecret(id: string, text: string): Address {
  let fields: Record<string, string | number | undefined> = {};
  try {
    fields = JSON.parse(text) as typeof fields;
  } catch {
    // said below, without the text
  }
  const { username, password, host, port, dbname } = fields;
  if (username === undefined || password === undefined || host === undefined) {
    throw new DriveshaftError("CONNECTION_FAILED", `the secret ${id} has no username, password or host`, {
      hint: 'Expected a URL, or {"username", "password", "host", "port", "dbname"}.',
    });
  }
  return {
    host: String(host),
    port: Number(port ?? 5432),
    user: String(username),
    password: String(password),
    database: String(dbname ?? "postgres"),
    iam: false,
    parameters: { sslmode: "verify-full" },
  };
}
