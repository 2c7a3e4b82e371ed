import { exec } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { readSecret, secretId } from "../aws/secrets.js";
import { DriveshaftError } from "../errors.js";

/**
 * A connection by role, in one of the forms of postgres/reference.ts: {"analyst":
 * "postgres://analyst:secret@host/name"}.
 */
export type Connections = Record<string, string>;

/** Where a worker's connections come from: read at its start, and again when one is refused, as passwords change. */
export type ConnectionsSource = () => Promise<Connections>;

/** The variable `name` of the environment: the list itself, or `secretsmanager://ID`, a secret with it. */
export function connectionsFromEnvironment(name: string, environment = process.env): ConnectionsSource {
  return async () => {
    const text = environment[name] ?? "";
    const id = secretId(text);
    return parseConnections(id === undefined ? text : await readSecret(id), name);
  };
}

/** A file, such as a mounted secret. */
export function connectionsFromFile(file: string): ConnectionsSource {
  return async () =>
    parseConnections(await readFile(file, "utf8").catch((cause: unknown) => refuse(file, cause)), file);
}

/** The output of a command, which asks a secret store. */
export function connectionsFromCommand(command: string): ConnectionsSource {
  return async () => {
    const from = "the command for the connections";
    const { stdout } = await promisify(exec)(command, { timeout: 30_000 }).catch((cause: unknown) =>
      // what the command printed may hold secrets
      refuse(from, new Error(`it ended with code ${String((cause as { code?: unknown }).code)}`)),
    );
    return parseConnections(stdout, from);
  };
}

function refuse(from: string, cause: unknown): never {
  throw new DriveshaftError("INVALID_PARAMETER", `${from} cannot be read: ${(cause as Error).message}`);
}

/** The text may hold passwords, so no message shows it. */
export function parseConnections(text: string, from: string): Connections {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DriveshaftError("INVALID_PARAMETER", `${from} is not JSON`, {
      hint: 'Expected a connection for each role: {"analyst": "postgres://analyst@host/name"}.',
    });
  }
  const urls = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.values(value) : [];
  if (urls.length === 0 || !urls.every((url) => typeof url === "string")) {
    throw new DriveshaftError("INVALID_PARAMETER", `${from} is not an object of roles and connections`, {
      hint: 'Expected a connection for each role: {"analyst": "postgres://analyst@host/name"}.',
    });
  }
  return value as Connections;
}
