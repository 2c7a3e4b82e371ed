import type { Sink } from "../job/job.js";
import type { Source } from "../job/source.js";
import type { Account } from "./calls.js";
import { cartoClient } from "./client.js";
import { byCopy } from "./copying.js";
import { byImport } from "./importing.js";
import { cartoImports } from "./imports.js";
import { cartoSink } from "./sink.js";
import { cartoSource } from "./source.js";
import { cartoTarget } from "./target.js";

/** Ways in which rows come into an account: by the SQL API, or by a file for the Import API. */
export const publications = ["sql", "import"] as const;

export interface CartoResult {
  /** The table, as a user writes it. */
  target: string;
  /** Whether it may replace a result of ours. */
  overwrite: boolean;
  /** Default sql. */
  publish?: (typeof publications)[number] | undefined;
}

/** Reads a query of an account's and writes a table into it, where one is asked for. */
export async function withCarto(
  account: Account,
  query: string,
  result: CartoResult | undefined,
  signal: AbortSignal,
  use: (source: Source, sink: Sink | undefined) => Promise<void>,
): Promise<void> {
  const sink = result && (await sinkOf(account, result, signal));
  await use(await cartoSource(cartoClient(account, { signal }), query), sink);
}

async function sinkOf(account: Account, result: CartoResult, signal: AbortSignal): Promise<Sink> {
  const carto = cartoClient(account, { signal });
  const cleaner = cartoClient(account, { waitMs: 5_000, answerMs: 15_000 });
  const target = await cartoTarget(carto, result.target, result.overwrite);
  if (result.publish !== "import") return cartoSink(carto, cleaner, target, result.overwrite, byCopy(carto));
  const imports = cartoImports(account, { signal });
  await imports.check();
  return cartoSink(carto, cleaner, target, result.overwrite, byImport(carto, imports, cleaner, account));
}
