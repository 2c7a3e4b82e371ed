import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { createGzip } from "node:zlib";
import { DriveshaftError } from "../errors.js";
import { answered, hasNoSuchCall, refused, unreachable } from "./errors.js";

/** An account of CARTO, in the cloud or on premises. */
export interface Account {
  /** Where it is: `https://user.carto.com`, or `https://host/user/name` on premises. */
  url: string;
  apiKey: string;
}

export type Row = Record<string, unknown>;

/** The SQL API, version 2, of an account. Every call may throw the errors of errors.ts. */
export interface Carto {
  /**
   * One answer of a query: rows, and the types of the columns. It may take as long as the platform allows a statement, of
   * which several in one call are one transaction. Numbers of type bigint are not exact.
   */
  sql(query: string): Promise<{ rows: Row[]; fields: Record<string, unknown> }>;
  /** The bytes of COPY ... TO STDOUT, as they come. Undefined where the account has no such call. */
  copyTo(query: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Sends the bytes of COPY ... FROM STDIN, and returns how many rows were copied. */
  copyFrom(query: string, chunks: Iterable<Uint8Array>): Promise<number>;
}

/** How calls are made. */
export interface Calling {
  /** Ends calls that are under way. */
  signal?: AbortSignal | undefined;
  /** Milliseconds for which a call waits for its turn where there have been too many, all together; default a minute. */
  waitMs?: number;
  /** Milliseconds after which an answer is no longer waited for; default as long as it takes. */
  answerMs?: number;
}

export function cartoClient({ url, apiKey }: Account, { signal, waitMs = 60_000, answerMs }: Calling = {}): Carto {
  const { base, user } = addressOf(url);
  const authorization = `Basic ${Buffer.from(`${user}:${apiKey}`).toString("base64")}`;

  /** One call. A refusal for the rate of calls is waited out, where the body can be sent again. */
  async function call(path: string, init: RequestInit & { duplex?: "half" }): Promise<Response> {
    const until = performance.now() + waitMs;
    for (;;) {
      const headers = new Headers(init.headers);
      headers.set("authorization", authorization);
      const ending = answerMs === undefined ? signal : AbortSignal.timeout(answerMs);
      const answer = await fetch(`${base}${path}`, {
        ...init,
        headers,
        redirect: "error",
        ...(ending && { signal: ending }),
      }).catch((error: unknown) => {
        signal?.throwIfAborted();
        throw unreachable(base, error);
      });
      if (answer.ok) return answer;
      const { error, retryMs } = await refused(answer, url);
      if (retryMs === undefined || init.duplex || performance.now() + retryMs > until) throw error;
      await pause(retryMs, undefined, { signal });
    }
  }

  const post = (path: string, query: string): Promise<Response> =>
    call(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ q: query }),
    });

  async function json(answer: Response): Promise<Row> {
    const said = (await answer.json().catch((error: unknown) => {
      signal?.throwIfAborted();
      throw unreachable(base, error);
    })) as Row;
    return answered(answer, url, said);
  }

  return {
    async sql(query) {
      const { rows = [], fields = {} } = await json(await post("", query));
      return { rows: rows as Row[], fields: fields as Record<string, unknown> };
    },

    async copyTo(query) {
      const answer = await post("/copyto", query).catch((error: unknown) => {
        if (hasNoSuchCall(error)) return undefined;
        throw error;
      });
      return answer && (answer.body as unknown as AsyncIterable<Uint8Array>);
    },

    async copyFrom(query, chunks) {
      let failure: unknown;
      const body = Readable.from(copies(chunks)).pipe(createGzip({ level: 1 }));
      body.on("error", (error) => (failure = error));
      const answer = await call(`/copyfrom?q=${encodeURIComponent(query)}`, {
        method: "POST",
        headers: { "content-type": "application/octet-stream", "content-encoding": "gzip" },
        body: Readable.toWeb(body) as RequestInit["body"],
        duplex: "half",
      }).finally(() => {
        body.destroy();
        if (failure instanceof DriveshaftError) throw failure;
      });
      return Number((await json(answer)).total_rows);
    },
  };
}

/** The chunks share a buffer; a stream keeps some while the next is made. */
function* copies(chunks: Iterable<Uint8Array>): Generator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

/** The SQL API of an account, and the name of its user. @throws INVALID_PARAMETER */
function addressOf(account: string): { base: string; user: string } {
  const url = URL.canParse(account) ? new URL(account) : undefined;
  const path = url && /^\/(?:user\/([\w-]+)\/?)?$/.exec(url.pathname);
  const user = path && (path[1] ?? /^([\w-]+)\../.exec(url.hostname)?.[1]);
  // Basic authentication is as open as the connection: only this machine is reached without TLS
  const secure = url?.protocol === "https:" || url?.hostname === "127.0.0.1" || url?.hostname === "localhost";
  if (!url || !user || !secure || url.username !== "" || url.search !== "") {
    throw new DriveshaftError("INVALID_PARAMETER", "the account of CARTO is no URL of one", {
      hint: "Expected https://user.carto.com, or https://host/user/name on premises; the key is given apart.",
    });
  }
  return { base: `${url.origin}${path[1] ? `/user/${user}` : ""}/api/v2/sql`, user };
}
