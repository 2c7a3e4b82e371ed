import { randomBytes } from "node:crypto";
import { DriveshaftError } from "../errors.js";
import type { Sink } from "../job.js";
import { encode } from "../postgres/encode.js";
import { acceptColumns } from "./accept.js";
import type { Carto } from "./client.js";
import { dropLeftovers } from "./leftovers.js";
import { settle } from "./settle.js";
import { filled, forCarto, making, placing } from "./table.js";
import { quoted, type CartoTarget } from "./target.js";

/** Milliseconds for which a run asks what has become of its table. */
const PATIENCE = 120_000;

/**
 * A table of an account's as a sink: made one of CARTO's and filled under a name of its own, then put in its place by one
 * statement, so that the target is whole or as it was. The platform has no transactions over calls, so whatever goes wrong,
 * the table that was being filled is dropped by a call of its own, and a failure is reported only where the target is
 * certainly not in place.
 * @param cleaner what goes on when everything else is told to stop
 */
export function cartoSink(
  carto: Carto,
  cleaner: Carto,
  target: CartoTarget,
  overwrite: boolean,
  patience = PATIENCE,
): Sink {
  return {
    accept: acceptColumns,
    async write(result, summary, progress) {
      const table = forCarto(result);
      const staging = { schema: target.schema, name: `driveshaft_${randomBytes(8).toString("hex")}` };
      await dropLeftovers(carto, target.schema);
      try {
        await carto.sql(making(staging, table));
        // no rows are an error of copyfrom
        if (table.n > 0) {
          const copy = `COPY ${quoted(staging)} (${filled(table)}) FROM STDIN WITH (FORMAT binary)`;
          const copied = await carto.copyFrom(copy, encode(table, progress));
          if (copied !== table.n) {
            throw new DriveshaftError("WRITE_FAILED", `CARTO took ${copied} of ${table.n} rows`);
          }
        }
        await carto.sql(placing(staging, target, table, summary, overwrite));
      } catch (error) {
        if (await settle(cleaner, staging, target, patience)) return;
        throw error;
      }
    },
  };
}
