import pg from "pg";
import { DriveshaftError } from "../errors.js";

/** Settings of a session, sent at startup: they beat what ALTER ROLE ... SET says. */
export type SessionSettings = Record<string, string>;

/**
 * What changes the text of values and names, as the server has it by default, so that what one session writes another reads:
 * whatever ALTER ROLE ... SET says of dates, a backend's start is told and found.
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

/** A fresh connection. Whoever runs a requester's SQL on it throws it away after. */
export async function connect(
  url: string,
  application: string,
  { settings = {}, signal, answerWithinMs }: ConnectOptions = {},
): Promise<pg.Client> {
  signal?.throwIfAborted();
  const options = Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value.replace(/[\\ ]/g, "\\$&")}`)
    .join(" ");
  let client: pg.Client | undefined;
  const abort = (): void => client && hangUp(client);
  signal?.addEventListener("abort", abort, { once: true });
  try {
    client = new pg.Client({
      connectionString: url,
      application_name: application,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      ...(answerWithinMs !== undefined && { query_timeout: answerWithinMs }),
      connectionTimeoutMillis: 10_000,
      ...(options && { options }),
    });
    // a connection that breaks while idle is noticed at its next use
    client.on("error", () => {});
    client.once("end", () => signal?.removeEventListener("abort", abort));
    await client.connect();
  } catch (cause) {
    signal?.removeEventListener("abort", abort);
    if (client) hangUp(client);
    throw new DriveshaftError("CONNECTION_FAILED", `cannot connect to ${withoutSecrets(url)}: ${reason(cause)}`, {
      hint: "Check that the server runs, and the host, port, user and database of the URL.",
      cause,
    });
  }
  return client;
}

/** Ends a connection without waiting for a server that may not answer. */
export function hangUp(client: pg.Client): void {
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}

function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reason).join("; ");
  return error instanceof Error ? error.message || (error as NodeJS.ErrnoException).code || error.name : String(error);
}

/** A connection URL as it may be shown: without its password and parameters. */
function withoutSecrets(url: string): string {
  try {
    const { protocol, username, host, pathname } = new URL(url);
    return `${protocol}//${username ? `${username}@` : ""}${host}${pathname}`;
  } catch {
    return "the database";
  }
}
