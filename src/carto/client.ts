import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { DriveshaftError } from "../errors.js";
import { callsOf, type Account, type Calling, type Row } from "./calls.js";
import { hasNoSuchCall } from "./errors.js";

/** The SQL API, version 2, of an account. Every call may throw the errors of errors.ts. */
export interface Carto {
  /**
   * One answer of a query: rows, and the types of the columns. It may take as long as the platform allows a statement,
   * of which several in one call are one transaction. Numbers of type bigint are not exact.
   */
  sql(query: string): Promise<{ rows: Row[]; fields: Record<string, unknown>; count: number }>;
  /** The bytes of COPY ... TO STDOUT, as they come. Undefined where the account has no such call. */
  copyTo(query: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Sends the bytes of COPY ... FROM STDIN, and returns how many rows were copied. */
  copyFrom(query: string, chunks: Iterable<Uint8Array>): Promise<number>;
}

const API = "/v2/sql";

/** @throws INVALID_PARAMETER where the account is no URL of one */
export function cartoClient(account: Account, calling: Calling = {}): Carto {
  const { call, json } = callsOf(account, calling);

  const post = (path: string, query: string): Promise<Response> =>
    call(`${API}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ q: query }),
    });

  return {
    async sql(query) {
      const said = await json(await post("", query));
      const { rows = [], fields = {}, total_rows: count } = said;
      return { rows: rows as Row[], fields: fields as Record<string, unknown>, count: Number(count) };
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
      const answer = await call(`${API}/copyfrom?q=${encodeURIComponent(query)}`, {
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
