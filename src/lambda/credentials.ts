import { DriveshaftError } from "../errors.js";
import { parseConnections, type Connections } from "../queue/connections.js";
import { rdsToken, secretText } from "./signed.js";

/**
 * How a function finds its database connections, in the environment: DRIVESHAFT_DATABASE, the worker's own, and
 * DRIVESHAFT_CONNECTIONS, a JSON object with one for each role. Each may be
 * - `postgres://...`, a URL;
 * - `secretsmanager://ID`, a secret with a URL, or with the JSON that RDS keeps; the list of roles may be one as a whole;
 * - `rds-iam://USER@HOST:PORT/NAME`, a URL whose password is a token of RDS, made for each job.
 */
export interface Credentials {
  /** The worker's own connection. */
  database(): Promise<string>;
  /** The roles whose jobs the function may run. */
  roles(): Promise<string[]>;
  /** The connection of a role. @throws CONNECTION_FAILED */
  connection(role: string): Promise<string>;
  /** Secrets may have changed. */
  forget(): void;
}

const SECRET = "secretsmanager://";
const IAM = "rds-iam:";

/** Milliseconds for which a secret is not asked for again. */
const KEEP = 300_000;

export function credentialsFromEnvironment(environment: NodeJS.ProcessEnv = process.env): Credentials {
  const secrets = new Map<string, { text: Promise<string>; until: number }>();

  function secret(reference: string): Promise<string> {
    const kept = secrets.get(reference);
    if (kept && kept.until > Date.now()) return kept.text;
    const text = readSecret(reference.slice(SECRET.length));
    secrets.set(reference, { text, until: Date.now() + KEEP });
    text.catch(() => secrets.delete(reference));
    return text;
  }

  function variable(name: string): string {
    const value = environment[name];
    if (value) return value;
    throw new DriveshaftError("CONNECTION_FAILED", `the function's environment has no ${name}`, {
      hint: "See docs/deploying.md.",
    });
  }

  async function resolve(reference: string): Promise<string> {
    if (reference.startsWith(SECRET)) return fromSecret(await secret(reference));
    if (reference.startsWith(IAM)) return withToken(reference);
    return reference;
  }

  async function connections(): Promise<Connections> {
    const name = "DRIVESHAFT_CONNECTIONS";
    const value = variable(name);
    return parseConnections(value.startsWith(SECRET) ? await secret(value) : value, name);
  }

  return {
    database: async () => resolve(variable("DRIVESHAFT_DATABASE")),
    roles: async () => Object.keys(await connections()),
    async connection(role) {
      const reference = (await connections())[role];
      if (reference !== undefined) return resolve(reference);
      // a URL in the place of a role may hold a password
      const shown = /^\w{1,63}$/.test(role) ? role : "the role that the event names";
      throw new DriveshaftError("CONNECTION_FAILED", `the function has no credentials for ${shown}`, {
        hint: "connection is the name of a role that DRIVESHAFT_CONNECTIONS lists.",
      });
    },
    forget: () => secrets.clear(),
  };
}

async function readSecret(id: string): Promise<string> {
  try {
    return await secretText(id);
  } catch (cause) {
    throw new DriveshaftError("CONNECTION_FAILED", `the secret ${id} cannot be read: ${(cause as Error).message}`, {
      hint: "Check its name, and that the function's role may call secretsmanager:GetSecretValue on it.",
      cause,
    });
  }
}

/** A URL, or the JSON that RDS keeps of a user. */
function fromSecret(text: string): string {
  if (!text.trimStart().startsWith("{")) return text.trim();
  const { username, password, host, port, dbname } = JSON.parse(text) as Record<string, string | number | undefined>;
  const url = new URL("postgres://host/");
  url.hostname = String(host);
  url.port = String(port ?? 5432);
  url.username = encodeURIComponent(String(username));
  url.password = encodeURIComponent(String(password));
  url.pathname = `/${encodeURIComponent(String(dbname ?? "postgres"))}`;
  url.searchParams.set("sslmode", "verify-full");
  return url.href;
}

async function withToken(reference: string): Promise<string> {
  // of another scheme the parts of a URL cannot be set
  const url = new URL(reference.replace(IAM, "postgres:"));
  const port = Number(url.port || 5432);
  url.password = encodeURIComponent(await rdsToken(url.hostname, port, decodeURIComponent(url.username)));
  if (!url.searchParams.has("sslmode")) url.searchParams.set("sslmode", "verify-full");
  return url.href;
}
