import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { createGzip, gunzipSync } from "node:zlib";
import pg from "pg";
import { copyIn, copyOut } from "#dist/postgres/protocol.js";

/**
 * The SQL API of CARTO, version 2, in front of a PostgreSQL: sql, copyto, copyfrom and job, with the answers and errors that
 * its source gives. Faults can be set.
 */
export interface CartoServer {
  /** The URL of the account. */
  url: string;
  host: string;
  /** Calls as they came: method and path without the query. */
  calls: string[];
  faults: Faults;
  close(): Promise<void>;
}

export interface Faults {
  /** Calls that are refused for their rate from now on, and the Retry-After of these. */
  limited: number;
  retryAfter: number;
  /** Milliseconds that a plain query may take. */
  timeoutMs: number;
  noCopyTo: boolean;
  /** Bytes after which an answer of copyto breaks off, and what is written then. */
  cutAt: number | undefined;
  complaint: string | undefined;
  quota: boolean;
  /** The connection is closed instead of an answer, for calls to paths that match. */
  hangUpOn: RegExp | undefined;
  /** The same, after the statement has run. */
  hangUpAfter: RegExp | undefined;
}

export const USER = "alice";
export const KEY = "s3cret-key-of-alice";

/** What CARTO's extension does to a table, in short: a key, two geometries, and a note of it. */
export const cartodbfy = `
  CREATE TABLE registered (name text);
  CREATE FUNCTION CDB_CartodbfyTable(relation regclass) RETURNS regclass LANGUAGE plpgsql AS $$
  DECLARE
    kind text := coalesce(to_regtype('geometry')::text, 'bytea');
  BEGIN
    IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = relation AND attname = 'cartodb_id') THEN
      EXECUTE format('ALTER TABLE %s ADD COLUMN cartodb_id serial PRIMARY KEY', relation);
    END IF;
    EXECUTE format('ALTER TABLE %s ADD COLUMN IF NOT EXISTS the_geom %s', relation, kind);
    EXECUTE format('ALTER TABLE %s ADD COLUMN the_geom_webmercator %s', relation, kind);
    IF kind = 'geometry' THEN
      EXECUTE format('UPDATE %s SET the_geom_webmercator = ST_Transform(the_geom, 3857)', relation);
    END IF;
    INSERT INTO registered VALUES (relation::text);
    RETURN relation;
  END $$`;

export async function startCarto(database: string): Promise<CartoServer> {
  const calls: string[] = [];
  const faults: Faults = {
    limited: 0,
    retryAfter: 0,
    timeoutMs: 5_000,
    noCopyTo: false,
    cutAt: undefined,
    complaint: undefined,
    quota: false,
    hangUpOn: undefined,
    hangUpAfter: undefined,
  };
  const jobs = new Map<string, { status: string; failed_reason?: string }>();

  async function onServer<Result>(timeoutMs: number, use: (client: pg.Client) => Promise<Result>): Promise<Result> {
    const client = new pg.Client({ connectionString: database, statement_timeout: timeoutMs });
    client.on("error", () => {});
    await client.connect();
    try {
      return await use(client);
    } finally {
      await client.end().catch(() => {});
    }
  }

  function say(
    response: ServerResponse,
    status: number,
    value: object,
    headers: Record<string, string> = {},
  ): ServerResponse {
    response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
    return response.end(JSON.stringify(value));
  }

  function fail(response: ServerResponse, error: unknown): ServerResponse {
    const { code, message, hint } = error as pg.DatabaseError;
    if (code === "57014") {
      return say(response, 429, {
        error: [
          "You are over platform's limits: SQL query timeout error. Refactor your query before running again or contact CARTO support for more details.",
        ],
        context: "limit",
        detail: "datasource",
      });
    }
    return say(response, code === "42501" ? 403 : 400, { error: [message], ...(hint && { hint }) });
  }

  async function sql(query: string, response: ServerResponse): Promise<unknown> {
    const since = performance.now();
    const result = await onServer(faults.timeoutMs, (client) => client.query(query));
    // of several statements the last one answers
    const last = (Array.isArray(result) ? (result as pg.QueryResult[]).at(-1) : result) as pg.QueryResult<
      Record<string, unknown>
    >;
    const fields = Object.fromEntries((last.fields ?? []).map(({ name }) => [name, { type: "unknown" }]));
    if (faults.hangUpAfter?.test(query)) return response.destroy();
    return say(response, 200, {
      time: (performance.now() - since) / 1000,
      total_rows: last.rowCount,
      rows: last.rows,
      fields,
    });
  }

  async function copyTo(query: string, request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    if (!query.startsWith("COPY ")) return say(response, 400, { error: ["SQL must start with COPY"] });
    const zipped = String(request.headers["accept-encoding"]).includes("gzip");
    const out = zipped ? createGzip() : response;
    response.writeHead(200, {
      "content-type": "application/octet-stream",
      ...(zipped && { "content-encoding": "gzip" }),
    });
    if (zipped) out.pipe(response);
    const chunks: Buffer[] = [];
    try {
      await onServer(60_000, (client) => copyOut(client, query, (chunk) => chunks.push(Buffer.from(chunk))));
    } catch (error) {
      chunks.push(Buffer.from(JSON.stringify({ error: [(error as Error).message] })));
    }
    const all = Buffer.concat(chunks);
    if (faults.cutAt === undefined) return out.end(all);
    const part = all.subarray(0, faults.cutAt);
    if (faults.complaint !== undefined) return out.end(Buffer.concat([part, Buffer.from(faults.complaint)]));
    await new Promise((resolve) => out.write(part, resolve));
    await pause(100);
    return response.destroy();
  }

  async function copyFrom(query: string, body: Buffer, response: ServerResponse): Promise<unknown> {
    if (faults.quota) return say(response, 400, { error: ["DB Quota exceeded"] });
    await onServer(60_000, (client) => copyIn(client, query, [body]));
    // the header has 19 bytes, the trailer 2
    const rows = await onServer(5_000, (client) =>
      client.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${/^COPY (\S+)/.exec(query)![1]!}`),
    );
    if (rows.rows[0]!.n === 0) return say(response, 400, { error: ["No rows copied"] });
    return say(response, 200, { time: 0.1, total_rows: rows.rows[0]!.n });
  }

  function startJob(query: string, response: ServerResponse): ServerResponse {
    const id = crypto.randomUUID();
    jobs.set(id, { status: "pending" });
    jobs.set(id, { status: "running" });
    onServer(60_000, (client) => client.query(query)).then(
      () => jobs.set(id, { status: "done" }),
      (error: unknown) => jobs.set(id, { status: "failed", failed_reason: (error as Error).message }),
    );
    return say(response, 201, { job_id: id, status: "pending", query });
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const url = new URL(request.url!, "http://host");
    const path = url.pathname.replace(`/user/${USER}/api/v2/sql`, "");
    calls.push(`${request.method} ${path}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    let body = Buffer.concat(chunks);
    const [, basic = ""] = (request.headers.authorization ?? "").split(" ");
    if (Buffer.from(basic, "base64").toString() !== `${USER}:${KEY}`) {
      return say(response, 403, { error: ["permission denied"] });
    }
    if (faults.hangUpOn?.test(path)) return response.destroy();
    if (faults.limited > 0) {
      faults.limited--;
      return say(
        response,
        429,
        {
          error: ["You are over platform's limits. Please contact us to know more details"],
          context: "limit",
          detail: "rate-limit",
        },
        { "Retry-After": String(faults.retryAfter), "Carto-Rate-Limit-Remaining": "0" },
      );
    }
    if (request.headers["content-encoding"] === "gzip") body = gunzipSync(body);
    const text = url.searchParams.get("q") ?? (JSON.parse(body.toString() || "{}") as { q?: string }).q ?? "";
    const [, job] = /^\/job\/(.+)$/.exec(path) ?? [];
    if (path === "") return sql(text, response);
    if (path === "/copyto" && !faults.noCopyTo) return copyTo(text, request, response);
    if (path === "/copyfrom") return copyFrom(text, body, response);
    if (path === "/job") return startJob((JSON.parse(body.toString()) as { query: string }).query, response);
    if (job && jobs.has(job)) return say(response, 200, jobs.get(job)!);
    return say(response, 404, { error: ["not found"] });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => fail(response, error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${host}/user/${USER}`,
    host,
    calls,
    faults,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
