import pg from "pg";
import { DriveshaftError } from "../errors.js";
import type { Account } from "./calls.js";
import type { Carto } from "./client.js";
import { fileOf, isCarried, valuesOfFile } from "./file.js";
import { cartoImports, type Imports } from "./imports.js";
import type { Filling } from "./sink.js";
import { filled } from "./table.js";
import { quoted, type CartoTarget } from "./target.js";

/** Rows that are taken from an imported table at a time: few enough for the time that a statement may take. */
const STEP = 10_000;

/** Milliseconds for which the end of an import is waited for that nobody wants any more. */
const PATIENCE = 60_000;

/** The name of the table that an import makes. */
const importedName = (staging: CartoTarget): string => `${staging.name}_import`;

/**
 * Fills a table by the Import API: a file becomes a table of texts, of which the rows are taken with the types of the
 * result, and the table of texts is dropped.
 * @param cleaner what goes on when everything else is told to stop
 */
export function byImport(carto: Carto, imports: Imports, cleaner: Carto, account: Account): Filling {
  let started: string | undefined;
  return {
    accept(taken) {
      for (const { name, column } of taken) {
        if (column.type === "raw" && !isCarried(column.sqlType)) throw notCarried(name, column.sqlType);
      }
    },

    async fill(staging, table, progress) {
      const file = fileOf(table, (share) => progress(0.4 * share));
      started = await imports.start(importedName(staging), file);
      const name = await imports.finished(started, (share) => progress(0.4 + 0.4 * share));
      const imported = pg.escapeIdentifier(name);
      const { rows } = await carto.sql(
        `SELECT min(cartodb_id)::float8 AS first, max(cartodb_id)::float8 AS last FROM ${imported}`,
      );
      const { first, last } = rows[0] as { first: number | null; last: number };
      let taken = 0;
      for (let from = first ?? Infinity; from <= last; from += STEP) {
        const { count } = await carto.sql(
          `INSERT INTO ${quoted(staging)} (${filled(table)}) SELECT ${valuesOfFile(table)} FROM ${imported} WHERE cartodb_id BETWEEN ${from} AND ${from + STEP - 1}`,
        );
        taken += count;
        progress(0.8 + (0.2 * taken) / table.n);
      }
      if (taken !== table.n) {
        throw new DriveshaftError("WRITE_FAILED", `CARTO imported ${taken} of ${table.n} rows`, {
          hint: "Publish by the SQL API.",
        });
      }
      await carto.sql(`DROP TABLE ${imported}`);
    },

    async clear(staging) {
      try {
        const signal = AbortSignal.timeout(PATIENCE);
        // an import cannot be called off, and its table is there when it has ended
        if (started !== undefined) await cartoImports(account, { signal }).finished(started, () => {});
      } catch {
        // it has failed, or goes on: then a later run drops its table
      }
      await cleaner.sql(`DROP TABLE IF EXISTS ${pg.escapeIdentifier(importedName(staging))}`).catch(() => {});
    },
  };
}

function notCarried(name: string, type: string): DriveshaftError {
  return new DriveshaftError(
    "WRONG_COLUMN_TYPE",
    `the column ${JSON.stringify(name)} is of type ${type}, which an import does not carry`,
    { hint: "Cast it to text in the query, or publish by the SQL API." },
  );
}
