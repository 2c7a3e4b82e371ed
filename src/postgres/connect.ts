import pg from "pg";
import { forgetSecrets } from "../aws/secrets.js";
import { DriveshaftError } from "../errors.js";
import { showAddress } from "./address.js";
import { resolveReference } from "./reference.js";
import { inOrderFor, isTlsMatter, isUntrusted, noteRefusal, tlsAttempts } from "./tls.js";

/** Settings of a session, sent at startup: they beat what ALTER ROLE ... SET says. */
export type SessionSettings = Record<string, string>;

/**
 * What changes the text of values and names, as the server has it by default, so that what one session writes another
 * reads: whatever ALTER ROLE ... SET says of dates, a backend's start is told and found.
 */
export const plainText: SessionSettings = {
  DateStyle: "ISO,MDY",
  IntervalStyle: "postgres",
  extra_float_digits: "1",
  bytea_output: "hex",
  xmlbinary: "base64",
  xmloption: "content",
  array_nulls: "on",
  standard_conforming_strings: "on",
  quote_all_identifiers: "off",
  transform_null_equals: "off",
};

export interface ConnectOptions {
  settings?: SessionSettings;
  /** Cuts the connection off when it aborts, wherever it is. */
  signal?: AbortSignal | undefined;
  /** Milliseconds after which a statement counts as lost; for short statements only. */
  answerWithinMs?: number;
}

/**
 * A fresh connection. Whoever runs a requester's SQL on it throws it away after.
 * @param reference a connection in one of the forms of reference.ts
 * @throws CONNECTION_FAILED, which shows no password
 */
export async function connect(
  reference: string,
  application: string,
  { settings = {}, signal, answerWithinMs }: ConnectOptions = {},
): Promise<pg.Client> {
  signal?.throwIfAborted();
  const address = await resolveReference(reference);
  const { host, port, user, password, database, parameters } = address;
  // of two settings of one name the later one holds
  const options = [
    ...(parameters.options ? [parameters.options] : []),
    ...Object.entries(settings).map(([name, value]) => `-c ${name}=${value.replace(/[\\\s]/g, "\\$&")}`),
  ].join(" ");
  const config: pg.ClientConfig = {
    host,
    port,
    user,
    password,
    database,
    application_name: application,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    ...(answerWithinMs !== undefined && { query_timeout: answerWithinMs }),
    connectionTimeoutMillis: 10_000,
    ...(options && { options }),
  };
  const failures: unknown[] = [];
  for (const tls of inOrderFor(address, await tlsAttempts(address))) {
    try {
      return await open(new pg.Client({ ...config, ...tls }), signal);
    } catch (error) {
      failures.push(error);
      noteRefusal(address, error);
      if (!isTlsMatter(error) || signal?.aborted) break;
    }
  }
  // the password may have changed
  forgetSecrets();
  const reasons = new Set(failures.map(reason));
  throw new DriveshaftError(
    "CONNECTION_FAILED",
    `cannot connect to ${showAddress(address)}: ${[...reasons].join("; ")}`,
    {
      hint: failures.some(isUntrusted)
        ? "Name the file of the authorities that signed the server's certificate: ?sslrootcert=FILE in the URL, or PGSSLROOTCERT. That of Amazon RDS is https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem."
        : "Check that the server runs, and the host, port, user and database of the URL.",
      cause: failures.at(-1),
    },
  );
}

async function open(client: pg.Client, signal: AbortSignal | undefined): Promise<pg.Client> {
  const abort = (): void => hangUp(client);
  signal?.addEventListener("abort", abort, { once: true });
  // a connection that breaks while idle is noticed at its next use
  client.on("error", () => {});
  client.once("end", () => signal?.removeEventListener("abort", abort));
  try {
    signal?.throwIfAborted();
    await client.connect();
    return client;
  } catch (error) {
    signal?.removeEventListener("abort", abort);
    hangUp(client);
    throw error;
  }
}

/** Ends a connection without waiting for a server that may not answer. */
export function hangUp(client: pg.Client): void {
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}

function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reason).join("; ");
  return error instanceof Error ? error.message || (error as NodeJS.ErrnoException).code || error.name : String(error);
}
