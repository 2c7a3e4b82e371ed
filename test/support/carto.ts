import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import pg, { TypeOverrides } from "pg";
import { copyIn, copyOut } from "#dist/postgres/protocol.js";
import { importApi, noImportFaults, type ImportFaults, type ImportRequest } from "./carto-imports.js";

/**
 * The SQL API of CARTO, version 2, in front of a PostgreSQL: sql, copyto and copyfrom; and its Import API. Faults can
 * be set. What it does was seen on the real server, 6.0.0 with the extension cartodb 0.37.1, where a comment says
 * "seen"; the rest is from its source and documentation.
 *
 * Unlike on CARTO, both keys act as one role of the database.
 */
export interface CartoServer {
  /** The URL of the account. */
  url: string;
  host: string;
  /** Calls as they came: method and path without the query. */
  calls: string[];
  faults: Faults;
  /** Files that came to the Import API. */
  imports: ImportRequest[];
  close(): Promise<void>;
}

export interface Faults extends ImportFaults {
  /** Calls that are refused for their rate from now on, and the Retry-After of these. */
  limited: number;
  retryAfter: number;
  /** Milliseconds after which a plain query is answered with a timeout. */
  timeoutMs: number;
  /** Whether the query ends then. Seen: the cancel goes to another host, and it goes on. */
  cancels: boolean;
  noCopyTo: boolean;
  /** Bytes after which an answer of copyto breaks off, and what is written then. */
  cutAt: number | undefined;
  complaint: string | undefined;
  quota: boolean;
  /** The connection is closed instead of an answer, for calls to paths that match. */
  hangUpOn: RegExp | undefined;
  /** The same, after the statement has run. */
  hangUpAfter: RegExp | undefined;
  /** The same, and the statement runs only then. */
  hangUpBefore: RegExp | undefined;
}

const none: Faults = {
  ...noImportFaults,
  limited: 0,
  retryAfter: 0,
  timeoutMs: 5_000,
  cancels: false,
  noCopyTo: false,
  cutAt: undefined,
  complaint: undefined,
  quota: false,
  hangUpOn: undefined,
  hangUpAfter: undefined,
  hangUpBefore: undefined,
};

export const USER = "alice";
/** The master key, which may do everything; and a regular one. */
export const KEY = "s3cret-key-of-alice";
export const REGULAR_KEY = "s3cret-regular-key";

/**
 * What CARTO's extension does to a table, in short. Seen: it casts the name as it is to regclass, so that upper case
 * and spaces fail; it casts cartodb_id to integer, whatever it was; it makes the table anew, with its columns first; it
 * writes no row into CDB_TableMetadata, which the table's own trigger does at the next statement.
 */
export const cartodbfy = `
  CREATE TABLE CDB_TableMetadata (tabname regclass PRIMARY KEY, updated_at timestamptz NOT NULL);

  CREATE FUNCTION CDB_TableMetadata_Trigger() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO CDB_TableMetadata VALUES (TG_RELID, clock_timestamp())
      ON CONFLICT (tabname) DO UPDATE SET updated_at = excluded.updated_at;
    RETURN NULL;
  END $$;

  CREATE FUNCTION CDB_Webmercator() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    NEW.the_geom_webmercator := ST_Transform(NEW.the_geom, 3857);
    RETURN NEW;
  END $$;

  CREATE FUNCTION CDB_CartodbfyTable(relation regclass) RETURNS regclass LANGUAGE plpgsql AS $$
  DECLARE
    schema_name text;
    table_name text;
    spatial boolean := to_regtype('geometry') IS NOT NULL;
    ids text := 'cartodb_id::integer';
    geom text := 'NULL::bytea AS the_geom, NULL::bytea AS the_geom_webmercator';
    others text;
    highest integer;
  BEGIN
    SELECT n.nspname, c.relname INTO schema_name, table_name
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = relation;
    PERFORM (schema_name || '.' || table_name)::regclass;
    IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = relation AND attname = 'cartodb_id') THEN
      ids := 'row_number() OVER ()';
    END IF;
    IF spatial THEN
      geom := CASE WHEN EXISTS (SELECT FROM pg_attribute WHERE attrelid = relation AND attname = 'the_geom')
        THEN 'ST_Transform(the_geom, 4326)::geometry(Geometry,4326) AS the_geom, ST_Transform(the_geom, 3857)::geometry(Geometry,3857) AS the_geom_webmercator'
        ELSE 'NULL::geometry(Geometry,4326) AS the_geom, NULL::geometry(Geometry,3857) AS the_geom_webmercator' END;
    END IF;
    SELECT coalesce(string_agg(', ' || quote_ident(attname), '' ORDER BY attnum), '') INTO others
      FROM pg_attribute
     WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped
       AND attname NOT IN ('cartodb_id', 'the_geom', 'the_geom_webmercator');
    EXECUTE format('CREATE TABLE %I.%I AS SELECT %s AS cartodb_id, %s%s FROM %s',
      schema_name, table_name || '_0', ids, geom, others, relation);
    EXECUTE format('DROP TABLE %s', relation);
    EXECUTE format('ALTER TABLE %I.%I RENAME TO %I', schema_name, table_name || '_0', table_name);
    relation := (schema_name || '.' || table_name)::regclass;
    EXECUTE format('CREATE SEQUENCE %I.%I OWNED BY %s.cartodb_id', schema_name, table_name || '_cartodb_id_seq', relation);
    EXECUTE format('SELECT max(cartodb_id) FROM %s', relation) INTO highest;
    IF highest IS NOT NULL THEN
      PERFORM setval(format('%I.%I', schema_name, table_name || '_cartodb_id_seq'), highest);
    END IF;
    EXECUTE format('ALTER TABLE %s ALTER cartodb_id SET DEFAULT nextval(%L), ADD PRIMARY KEY (cartodb_id)',
      relation, format('%I.%I', schema_name, table_name || '_cartodb_id_seq'));
    EXECUTE format('CREATE TRIGGER track_updates AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION CDB_TableMetadata_Trigger()', relation);
    IF spatial THEN
      EXECUTE format('CREATE INDEX ON %s USING gist (the_geom)', relation);
      EXECUTE format('CREATE INDEX ON %s USING gist (the_geom_webmercator)', relation);
      EXECUTE format('CREATE TRIGGER update_the_geom_webmercator_trigger BEFORE INSERT OR UPDATE OF the_geom ON %s FOR EACH ROW EXECUTE FUNCTION CDB_Webmercator()', relation);
    END IF;
    RETURN relation;
  END $$;

  CREATE FUNCTION CDB_CartodbfyTable(schema_name text, relation regclass) RETURNS regclass
    LANGUAGE sql AS 'SELECT CDB_CartodbfyTable(relation)'`;

/** Seen: int8 is a number of JSON. */
const types = new TypeOverrides();
types.setTypeParser(20, Number);

export async function startCarto(database: string): Promise<CartoServer> {
  const calls: string[] = [];
  const faults: Faults = { ...none };
  const clients = new Set<pg.Client>();
  const imports: ImportRequest[] = [];
  const importing = importApi(database, faults, imports);

  async function onServer<Result>(use: (client: pg.Client) => Promise<Result>): Promise<Result> {
    const client = new pg.Client({ connectionString: database, types });
    client.on("error", () => {});
    await client.connect();
    clients.add(client);
    try {
      return await use(client);
    } finally {
      clients.delete(client);
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
    return say(response, code === "42501" ? 403 : 400, { error: [message], ...(hint && { hint }) });
  }

  const tooLong = (response: ServerResponse): ServerResponse =>
    say(response, 429, {
      error: [
        "You are over platform's limits: SQL query timeout error. Refactor your query before running again or contact CARTO support for more details.",
      ],
      context: "limit",
      detail: "datasource",
    });

  /** Seen: what any key but the master asks is explained first, statement by statement; what cannot be, passes. */
  async function touchesSystem(client: pg.Client, query: string): Promise<boolean> {
    for (const statement of query.match(/(?:'[^']*'|"[^"]*"|[^;'"])+/g) ?? []) {
      const plan = await client.query(`EXPLAIN (FORMAT JSON) ${statement}`).catch(() => undefined);
      if (plan && /"Relation Name": ?"pg_/.test(JSON.stringify(plan.rows))) return true;
    }
    return false;
  }

  async function sql(query: string, master: boolean, response: ServerResponse): Promise<unknown> {
    const since = performance.now();
    return onServer(async (client) => {
      if (!master && (await touchesSystem(client, query))) {
        return say(response, 403, { error: ["system tables are forbidden"] });
      }
      if (faults.hangUpBefore?.test(query)) {
        response.destroy();
        await pause(300);
      }
      const running = client.query(query);
      running.catch(() => {});
      const timer = setTimeout(() => {
        tooLong(response);
        if (faults.cancels) void onServer((other) => other.query("SELECT pg_cancel_backend($1)", [processOf(client)]));
      }, faults.timeoutMs);
      const result = await running.finally(() => clearTimeout(timer));
      if (response.writableEnded || response.destroyed) return;
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
    });
  }

  /** Seen: not checked for system tables, and not compressed. */
  async function copyTo(query: string, response: ServerResponse): Promise<unknown> {
    if (!query.startsWith("COPY ")) return say(response, 400, { error: ["SQL must start with COPY"] });
    response.writeHead(200, { "content-type": "application/octet-stream" });
    const chunks: Buffer[] = [];
    try {
      await onServer((client) => copyOut(client, query, (chunk) => chunks.push(Buffer.from(chunk))));
    } catch (error) {
      chunks.push(Buffer.from(JSON.stringify({ error: [(error as Error).message] })));
    }
    const all = Buffer.concat(chunks);
    if (faults.cutAt === undefined || !query.includes("binary")) return response.end(all);
    const part = all.subarray(0, faults.cutAt);
    if (faults.complaint !== undefined) return response.end(Buffer.concat([part, Buffer.from(faults.complaint)]));
    await new Promise((resolve) => response.write(part, resolve));
    await pause(100);
    return response.destroy();
  }

  async function copyFrom(query: string, body: Buffer, response: ServerResponse): Promise<unknown> {
    // seen: looked at before the rows come, and while they do
    if (faults.quota) return say(response, 400, { error: ["DB Quota exceeded"] });
    await onServer((client) => copyIn(client, query, [body]));
    const rows = await onServer((client) =>
      client.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${/^COPY (\S+)/.exec(query)![1]!}`),
    );
    if (rows.rows[0]!.n === 0) return say(response, 400, { error: ["No rows copied"] });
    return say(response, 200, { time: 0.1, total_rows: rows.rows[0]!.n });
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const url = new URL(request.url!, "http://host");
    const [, account, api, rest = ""] = /^\/user\/([\w-]+)\/api\/(v2\/sql|v1\/imports)(.*)$/.exec(url.pathname) ?? [];
    const path = api === "v1/imports" ? `/imports${rest}` : rest;
    calls.push(`${request.method} ${path}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    let body = Buffer.concat(chunks);
    if (account !== USER) {
      // seen
      return say(response, 404, {
        error: [`Sorry, we can't find CARTO user '${account}'. Please check that you have entered the correct domain.`],
      });
    }
    const [, basic = ""] = (request.headers.authorization ?? "").split(" ");
    const [user, key] = Buffer.from(basic, "base64").toString().split(":");
    if (user !== USER) return say(response, 403, { error: ["permission denied"] });
    // seen
    if (key !== KEY && key !== REGULAR_KEY) return say(response, 401, { error: ["Unauthorized"] });
    if (api === "v1/imports") {
      if (key !== KEY) return say(response, 401, {});
      importing(request, rest, body, chunks.length, response);
      return response;
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
    if (path === "") return sql(text, key === KEY, response);
    if (path === "/copyto" && !faults.noCopyTo) return copyTo(text, response);
    if (path === "/copyfrom") return copyFrom(text, body, response);
    response.writeHead(404, { "content-type": "text/html" });
    return response.end(`<pre>Cannot ${request.method} ${path}</pre>`);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!response.writableEnded && !response.destroyed) fail(response, error);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${host}/user/${USER}`,
    host,
    calls,
    faults,
    imports,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all([...clients].map((client) => client.end().catch(() => {})));
    },
  };
}

const processOf = (client: pg.Client): number => (client as unknown as { processID: number }).processID;

/** No faults, for the next test. */
export function reset(carto: CartoServer): void {
  Object.assign(carto.faults, none);
  carto.calls.length = 0;
}
