import type { Sink, Source } from "../job.js";
import type { Account } from "./calls.js";
import { cartoClient } from "./client.js";
import { cartoSink } from "./sink.js";
import { cartoSource } from "./source.js";
import { cartoTarget } from "./target.js";

/** Reads a query of an account's and writes a table into it. */
export async function withCarto(
  account: Account,
  query: string,
  target: string | undefined,
  overwrite: boolean,
  signal: AbortSignal,
  use: (source: Source, sink: Sink | undefined) => Promise<void>,
): Promise<void> {
  const carto = cartoClient(account, { signal });
  const place = target === undefined ? undefined : await cartoTarget(carto, target, overwrite);
  const cleaner = cartoClient(account, { waitMs: 5_000, answerMs: 15_000 });
  await use(await cartoSource(carto, query), place && cartoSink(carto, cleaner, place, overwrite));
}
