import { randomBytes } from "node:crypto";
import type { Table } from "../table/table.js";
import type { Sink } from "../job/job.js";
import type { Progress } from "../job/progress.js";
import { acceptColumns } from "./accept.js";
import type { Carto } from "./client.js";
import { dropLeftovers } from "./leftovers.js";
import { settle } from "./settle.js";
import { forCarto, making, placing } from "./table.js";
import type { CartoTarget } from "./target.js";
import { project, withTheGeom } from "./the-geom.js";

/** How rows come into a table that is there for them. */
export interface Filling {
  /** Refuses what it cannot carry of that which all tables of CARTO can. */
  accept?: Sink["accept"];
  /** Fills the table, which has a row at least to get. */
  fill(staging: CartoTarget, table: Table, progress: Progress): Promise<void>;
  /** Clears away what it may have left beside the table, after a failure. */
  clear?(staging: CartoTarget): Promise<void>;
}

/** Milliseconds for which a run asks what has become of its table. */
const PATIENCE = 120_000;

/**
 * A table of an account's as a sink: made one of CARTO's and filled under a name of its own, then put in its place by
 * one statement, so that the target is whole or as it was. The platform has no transactions over calls, so whatever
 * goes wrong, the table that was being filled is dropped by a call of its own, and a failure is reported only where the
 * target is certainly not in place.
 * @param cleaner what goes on when everything else is told to stop
 */
export function cartoSink(
  carto: Carto,
  cleaner: Carto,
  target: CartoTarget,
  overwrite: boolean,
  filling: Filling,
  patience = PATIENCE,
): Sink {
  return {
    accept(taken, isRepeated) {
      acceptColumns(taken, isRepeated);
      filling.accept?.(taken, isRepeated);
    },
    async write(result, summary, progress) {
      const { table, unprojected, warnings } = withTheGeom(forCarto(result));
      const staging = { schema: target.schema, name: `driveshaft_${randomBytes(8).toString("hex")}` };
      await dropLeftovers(carto, target.schema);
      try {
        await carto.sql(making(staging, table));
        // no rows are an error of both ways
        if (table.n > 0) {
          const share = unprojected ? 0.7 : 1;
          await filling.fill(staging, table, (done) => progress(share * done));
          if (unprojected) await project(carto, staging, unprojected, (done) => progress(share + (1 - share) * done));
        }
        await carto.sql(placing(staging, target, table, summary, overwrite));
      } catch (error) {
        if (await settle(cleaner, staging, target, patience)) return warnings;
        await filling.clear?.(staging);
        throw error;
      }
      return warnings;
    },
  };
}
