import { DriveshaftError } from "../errors.js";
import { encode } from "../postgres/encode.js";
import type { Carto } from "./client.js";
import type { Filling } from "./sink.js";
import { filled } from "./table.js";
import { quoted } from "./target.js";

/** Fills a table by the SQL API, in binary. */
export function byCopy(carto: Carto): Filling {
  return {
    async fill(staging, table, progress) {
      const copy = `COPY ${quoted(staging)} (${filled(table)}) FROM STDIN WITH (FORMAT binary)`;
      const copied = await carto.copyFrom(copy, encode(table, progress));
      if (copied !== table.n) throw new DriveshaftError("WRITE_FAILED", `CARTO took ${copied} of ${table.n} rows`);
    },
  };
}
