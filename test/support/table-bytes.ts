import type pg from "pg";
import { copyOut } from "#dist/postgres/protocol.js";

/** All of a table or query, as the server sends it. */
export async function tableBytes(client: pg.Client, query: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await copyOut(client, `COPY (${query}) TO STDOUT (FORMAT binary)`, (chunk) => chunks.push(Buffer.from(chunk)));
  return Buffer.concat(chunks);
}
