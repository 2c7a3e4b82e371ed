import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { DriveshaftError, type ErrorCode } from "../errors.js";
import { callsOf, type Account, type Calling, type Row } from "./calls.js";

/**
 * The Import API, version 1, of an account: a service that makes tables of files, which takes its time. Every call may
 * throw the errors of errors.ts. CARTO's guides: "Standard tables", "Import errors".
 */
export interface Imports {
  /** Asks whether the key may import. @throws ACCESS_DENIED */
  check(): Promise<void>;
  /**
   * Sends a CSV file as it is made, and returns the id of its import. Nothing is guessed: every column becomes text.
   * @param name of the file, and so of the table; where there is one of that name, nothing is imported
   */
  start(name: string, chunks: Iterable<Uint8Array>): Promise<string>;
  /** Waits for the end of an import. @returns the table's name @throws as its code says */
  finished(id: string, progress: (share: number) => void): Promise<string>;
}

const API = "/v1/imports";

/** What is asked of an import, all as text. */
const settings = {
  type_guessing: "false",
  quoted_fields_guessing: "false",
  content_guessing: "false",
  create_vis: "false",
  collision_strategy: "skip",
};

/** Milliseconds between two looks at an import: from, up to. */
const LOOK = { from: 300, to: 5_000 };

/** Looks in a row that may fail, as connections do, before an import is given up. */
const MISSES = 10;

/**
 * How far an import has come in each of its states, of those that are not the end. Others are taken for the last seen.
 */
const shares: Record<string, number> = {
  enqueued: 0,
  pending: 0.1,
  uploading: 0.2,
  unpacking: 0.3,
  importing: 0.4,
  guessing: 0.9,
};

export function cartoImports(account: Account, calling: Calling = {}, look = LOOK): Imports {
  const { call, json } = callsOf(account, calling);
  const state = async (id: string): Promise<Row> =>
    json(await call(`${API}/${encodeURIComponent(id)}`, { method: "GET" }));

  return {
    async check() {
      try {
        await json(await call(API, { method: "GET" }));
      } catch (error) {
        if (!(error instanceof DriveshaftError) || error.code !== "ACCESS_DENIED") throw error;
        throw new DriveshaftError("ACCESS_DENIED", `the key may not import: ${error.message}`, {
          hint: "Importing takes the master key of the account; for publishing by the SQL API any key does.",
          cause: error,
        });
      }
    },

    async start(name, chunks) {
      const boundary = randomUUID();
      const answer = await call(API, {
        method: "POST",
        headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
        body: Readable.toWeb(Readable.from(form(boundary, name, chunks))) as RequestInit["body"],
        duplex: "half",
      }).catch((error: unknown) => {
        throw asWriting(error);
      });
      const { item_queue_id: id, success } = await json(answer);
      if (success === true && typeof id === "string") return id;
      throw new DriveshaftError("WRITE_FAILED", "CARTO has not taken the file, and does not say why");
    },

    async finished(id, progress) {
      let missed = 0;
      for (let wait = look.from; ; wait = Math.min(look.to, 1.5 * wait)) {
        await pause(wait, undefined, { signal: calling.signal });
        const said = await state(id).catch((error: unknown) => {
          const passing =
            error instanceof DriveshaftError && ["CONNECTION_FAILED", "RATE_LIMITED"].includes(error.code);
          if (!passing || ++missed > MISSES) throw error;
          return undefined;
        });
        if (!said) continue;
        missed = 0;
        if (said.state === "failure") throw failed(said);
        if (said.state === "complete") {
          if (typeof said.table_name === "string") return said.table_name;
          throw new DriveshaftError("WRITE_FAILED", "CARTO has imported the file, but made no table of it");
        }
        const share = shares[String(said.state)];
        if (share !== undefined) progress(share);
      }
    },
  };
}

/** A form with the settings and the file, as its pieces come. */
function* form(boundary: string, name: string, chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  const part = (disposition: string, more = ""): Buffer =>
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n${more}\r\n`);
  for (const [setting, value] of Object.entries(settings)) {
    yield part(`name="${setting}"`);
    yield Buffer.from(`${value}\r\n`);
  }
  yield part(`name="file"; filename="${name}.csv"`, "Content-Type: text/csv\r\n");
  yield* chunks;
  yield Buffer.from(`\r\n--${boundary}--\r\n`);
}

/** What the Import API refuses is no query. */
function asWriting(error: unknown): unknown {
  if (!(error instanceof DriveshaftError) || error.code !== "QUERY_FAILED") return error;
  return new DriveshaftError("WRITE_FAILED", error.message, { hint: error.hint, cause: error });
}

/** Codes of the Import API that are more than a file that cannot be imported. */
const codes: Record<number, [code: ErrorCode, hint: string]> = {
  1014: ["TARGET_INVALID", "Name another target."],
  2004: ["WRITE_FAILED", "Carry fewer columns along: an import takes 250."],
  6666: ["QUOTA_EXCEEDED", "Carry fewer columns along, or publish by the SQL API."],
  6667: ["TIMEOUT", "Ask again, or publish by the SQL API."],
  6668: ["QUOTA_EXCEEDED", "Have the limit of rows raised, or publish by the SQL API."],
  6669: ["RATE_LIMITED", "Ask again when another import has ended."],
  6671: ["TIMEOUT", "Ask again, or publish by the SQL API."],
  8001: ["QUOTA_EXCEEDED", "Delete tables, or carry fewer columns along."],
  8002: ["QUOTA_EXCEEDED", "Delete tables."],
};

function failed({ error_code: number, get_error_text: text }: Row): DriveshaftError {
  const { title, what_about: about } = (text ?? {}) as { title?: string; what_about?: string };
  const said = [title, about]
    .filter((part) => part)
    .join(": ")
    .replace(/<[^>]*>/g, "");
  const [code, hint] = codes[Number(number)] ?? ["WRITE_FAILED", "Publish by the SQL API, or ask CARTO."];
  return new DriveshaftError(
    code,
    `the import has failed, code ${String(number)}: ${said || "CARTO does not say why"}`,
    {
      hint,
    },
  );
}
