import type { Sink, Source } from "../job.js";
import { cartoClient, type Account } from "./client.js";
import { cartoSink, cartoTarget } from "./sink.js";
import { cartoSource } from "./source.js";

/** Reads a query of an account's and writes a table into it. */
export async function withCarto(
  account: Account,
  query: string,
  target: string | undefined,
  overwrite: boolean,
  signal: AbortSignal,
  use: (source: Source, sink: Sink | undefined) => Promise<void>,
): Promise<void> {
  const carto = cartoClient(account, signal);
  const place = target === undefined ? undefined : await cartoTarget(carto, target, overwrite);
  // cleaning up goes on when everything else is told to stop
  const cleaner = cartoClient(account, undefined, 5_000);
  await use(await cartoSource(carto, query), place && cartoSink(carto, cleaner, place, overwrite));
}
