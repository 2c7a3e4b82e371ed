import { readdir, readFile } from "node:fs/promises";

const folder = new URL("../../sql/", import.meta.url);

export interface SqlFile {
  name: string;
  text: string;
}

/** A folder's files, in an order in which each finds what it uses: functions of the schema before those of users. */
export async function sqlFiles(part: "migrations/" | "functions/" | "crankshaft/"): Promise<SqlFile[]> {
  const names = (await readdir(new URL(part, folder))).filter((name) => name.endsWith(".sql"));
  names.sort((a, b) => Number(isOfUsers(a)) - Number(isOfUsers(b)) || (a < b ? -1 : 1));
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(new URL(part + name, folder), "utf8") })));
}

/** The names of the functions of users, which stand in the schema public. */
export async function publicNames(): Promise<string[]> {
  const files = await sqlFiles("functions/");
  return files.map(({ name }) => name.replace(/\.sql$/, "")).filter(isOfUsers);
}

const isOfUsers = (name: string): boolean => name.startsWith("cdb_");
