import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { parse } from "csv-parse/sync";
import pg from "pg";

/**
 * The Import API of CARTO, version 1, in front of a PostgreSQL, as its guides describe it: a file is taken, and a table
 * made of it while its import goes through its states. Only the master key may import.
 */
export interface ImportFaults {
  /** The import ends with this code. */
  importFails: number | undefined;
  /** Rows that get lost. */
  importLoses: number;
  /** Looks at an import that are not answered. */
  importMisses: number;
}

export const noImportFaults: ImportFaults = { importFails: undefined, importLoses: 0, importMisses: 0 };

interface Import {
  since: number;
  /** What it answers when it has ended. */
  answer?: object;
}

/** The states before the end, and milliseconds that an import is in each. */
const states = ["enqueued", "pending", "uploading", "unpacking", "importing", "guessing"];
const EACH = 120;

export interface ImportRequest {
  /** The fields of the form, and the file's name. */
  fields: Record<string, string>;
  filename: string;
  /** Pieces in which the body came. */
  pieces: number;
  /** Whether it was sent before its length was known. */
  streamed: boolean;
}

const titles: Record<number, string> = {
  1005: "Empty file",
  2004: "Too many columns",
  8001: "Over account storage limit",
};

export function importApi(
  database: string,
  faults: ImportFaults,
  requests: ImportRequest[],
): (request: IncomingMessage, path: string, body: Buffer, pieces: number, response: ServerResponse) => void {
  const imports = new Map<string, Import>();

  /** Makes the table; returns what the import answers when it has ended. */
  async function run(name: string, csv: string, settings: Record<string, string>): Promise<object> {
    const failure = (code: number): object => ({
      state: "failure",
      error_code: code,
      table_name: null,
      get_error_text: {
        title: titles[code] ?? "Unknown",
        what_about: "Please <a href='mailto:x'>contact us</a>",
        source: "user",
      },
      success: false,
    });
    if (faults.importFails !== undefined) return failure(faults.importFails);
    const [header, ...lines] = parse(csv);
    if (!header || lines.length === 0) return failure(1005);
    if (header.length > 250) return failure(2004);
    // guessed, they would be numbers where they look like it
    const type = settings.type_guessing === "false" && settings.quoted_fields_guessing === "false" ? "text" : "numeric";
    const client = new pg.Client({ connectionString: database });
    await client.connect();
    try {
      const { rows } = await client.query<{ taken: boolean }>("SELECT to_regclass($1) IS NOT NULL AS taken", [name]);
      if (rows[0]!.taken) return { state: "complete", table_name: null, tables_created_count: 0, success: true };
      const columns = header.map((column) => `${column.toLowerCase()} ${type}`);
      await client.query(`CREATE TABLE ${name} (${columns.join(", ")})`);
      const kept = lines.slice(faults.importLoses);
      await client.query(
        `INSERT INTO ${name} SELECT * FROM unnest(${header.map((_, i) => `$${i + 1}::text[]`).join(", ")})`,
        header.map((_, i) => kept.map((line) => line[i])),
      );
      await client.query(`SELECT CDB_CartodbfyTable('${name}'::regclass)`);
      return { state: "complete", table_name: name, tables_created_count: 1, success: true };
    } finally {
      await client.end();
    }
  }

  function say(response: ServerResponse, status: number, value: object): void {
    response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
    response.end(JSON.stringify(value));
  }

  return (request, path, body, pieces, response) => {
    const known = imports.get(path.slice(1));
    if (request.method === "GET" && path === "") say(response, 200, { imports: [...imports.keys()], success: true });
    else if (known && faults.importMisses > 0) {
      faults.importMisses--;
      response.destroy();
    } else if (known) {
      const state = states[Math.floor((performance.now() - known.since) / EACH)];
      const under = { state: state ?? states.at(-1), table_name: null, success: null };
      say(response, 200, state === undefined && known.answer ? known.answer : under);
    } else if (request.method === "POST" && path === "") {
      const { fields, filename, file } = formOf(request, body);
      requests.push({ fields, filename, pieces, streamed: request.headers["content-length"] === undefined });
      const id = randomUUID();
      const running: Import = { since: performance.now() };
      imports.set(id, running);
      // the table is there late, when the import is under way
      void pause(3 * EACH)
        .then(() => run(filename.replace(/\.csv$/, ""), file, fields))
        .then((answer) => (running.answer = answer));
      say(response, 200, { item_queue_id: id, success: true });
    } else say(response, 404, { error: ["not found"] });
  };
}

/** The parts of a form. */
function formOf(
  request: IncomingMessage,
  body: Buffer,
): { fields: Record<string, string>; filename: string; file: string } {
  const [, boundary] = /boundary=(.+)$/.exec(request.headers["content-type"]!)!;
  const fields: Record<string, string> = {};
  let filename = "";
  let file = "";
  for (const part of body.toString("latin1").split(`--${boundary}`).slice(1, -1)) {
    const [head, ...rest] = part.slice(2, -2).split("\r\n\r\n");
    const value = rest.join("\r\n\r\n");
    const [, name] = / name="([^"]*)"/.exec(head!)!;
    const named = /filename="([^"]*)"/.exec(head!);
    if (named) [filename, file] = [named[1]!, value];
    else fields[name!] = value;
  }
  return { fields, filename, file };
}
