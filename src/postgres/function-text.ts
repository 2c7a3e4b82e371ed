import { readFile } from "node:fs/promises";

/** The text of a function of sql/functions. A bundle has its own form of this module, with the texts in it. */
export function functionText(name: string): Promise<string> {
  return readFile(new URL(`../../sql/functions/${name}.sql`, import.meta.url), "utf8");
}
