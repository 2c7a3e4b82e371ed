import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { createGzip } from "node:zlib";
import { DriveshaftError } from "../errors.js";
import { answered, refused, unreachable } from "./errors.js";

/** An account of CARTO, in the cloud or on premises. */
export interface Account {
  /** Where it is: `https://user.carto.com`, or `https://host/user/name` on premises. */
  url: string;
  apiKey: string;
}

export type Row = Record<string, unknown>;

/** The SQL API, version 2, of an account. Every call may throw the errors of errors.ts. */
export interface Carto {
  /** One answer of a query: rows, and the types of the columns. It may take as long as the platform allows a statement. */
  sql(query: string): Promise<{ rows: Row[]; fields: Record<string, unknown> }>;
  /** The bytes of COPY ... TO STDOUT, as they come. Undefined where the account has no such call. */
  copyTo(query: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Sends the bytes of COPY ... FROM STDIN, and returns how many rows were copied. */
  copyFrom(query: string, chunks: Iterable<Uint8Array>): Promise<number>;
  /** Runs statements that may take long, and waits for their end. */
  batch(query: string): Promise<void>;
}

/** Milliseconds for which a call waits for its turn where there have been too many, all together. */
const WAITS = 60_000;

/** Milliseconds between two looks at a batch job: from, up to. */
const LOOK = [200, 5_000] as const;

/** Characters of a batch query, at most. */
const LONGEST_BATCH = 16_384;

/** @param waitMs how long to wait where there have been too many calls */
export function cartoClient({ url, apiKey }: Account, signal?: AbortSignal, waitMs = WAITS): Carto {
  const { base, user } = addressOf(url);
  const authorization = `Basic ${Buffer.from(`${user}:${apiKey}`).toString("base64")}`;

  /** One call. A refusal for the rate of calls is waited out, where the body can be sent again. */
  async function call(path: string, init: RequestInit & { duplex?: "half" }): Promise<Response> {
    const until = performance.now() + waitMs;
    for (;;) {
      const headers = new Headers(init.headers);
      headers.set("authorization", authorization);
      const answer = await fetch(`${base}${path}`, {
        ...init,
        headers,
        redirect: "error",
        ...(signal && { signal }),
      }).catch((error: unknown) => {
        signal?.throwIfAborted();
        throw unreachable(base, error);
      });
      if (answer.ok) return answer;
      const { error, retryMs } = await refused(answer);
      if (retryMs === undefined || init.duplex || performance.now() + retryMs > until) throw error;
      await pause(retryMs, undefined, { signal });
    }
  }

  const post = (path: string, body: unknown, type = "application/json"): Promise<Response> =>
    call(path, { method: "POST", headers: { "content-type": type }, body: JSON.stringify(body) });

  async function json(answer: Response): Promise<Row> {
    return answered(
      answer,
      (await answer.json().catch((error: unknown) => {
        signal?.throwIfAborted();
        throw unreachable(base, error);
      })) as Row,
    );
  }

  return {
    async sql(query) {
      const { rows = [], fields = {} } = await json(await post("", { q: query }));
      return { rows: rows as Row[], fields: fields as Record<string, unknown> };
    },

    async copyTo(query) {
      const answer = await post("/copyto", { q: query }).catch((error: unknown) => {
        if (error instanceof DriveshaftError && (error.cause as { status?: number } | undefined)?.status === 404) {
          return undefined;
        }
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

    async batch(query) {
      if (query.length > LONGEST_BATCH) {
        throw new DriveshaftError(
          "WRITE_FAILED",
          `a batch query has ${query.length} characters, CARTO takes ${LONGEST_BATCH}`,
          { hint: "Carry fewer columns along." },
        );
      }
      const { job_id: job } = (await json(await post("/job", { query }))) as { job_id: string };
      try {
        for (let wait: number = LOOK[0]; ; wait = Math.min(LOOK[1], 1.5 * wait)) {
          const { status, failed_reason: reason } = await json(await call(`/job/${job}`, { method: "GET" }));
          if (status === "done") return;
          if (status !== "pending" && status !== "running") {
            throw new DriveshaftError(
              "WRITE_FAILED",
              `the batch job ${job} is ${String(status)}: ${typeof reason === "string" ? reason : "CARTO does not say why"}`,
            );
          }
          await pause(wait, undefined, { signal });
        }
      } catch (error) {
        // a job that nobody waits for must not go on
        if (signal?.aborted) {
          await fetch(`${base}/job/${job}`, { method: "DELETE", headers: { authorization } }).catch(() => {});
        }
        throw error;
      }
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
