import { similar } from "driveshaft";
import { generator, uniform } from "../../test/support/random.js";
import type { BenchJob } from "../measure.js";

const COLUMNS = 10;

/** Distances as one would write them, row by row, of columns that are standardised already. */
function plainDistances(rows: number[][], reference: number): [row: number, distance: number][] {
  const own = rows[reference]!;
  const distances = rows.map((row, i): [number, number] => [i, Math.hypot(...row.map((value, a) => value - own[a]!))]);
  return distances.sort((a, b) => a[1] - b[1]);
}

/** Rows like one, by their columns, and by principal components. */
export const similarJob: BenchJob = {
  name: "similar",
  *rounds() {
    for (const size of [10_000, 100_000, 1_000_000]) {
      const random = generator(size);
      const columns = Array.from({ length: COLUMNS }, () => uniform(size, random));
      const rows = Array.from({ length: size }, (_, i) => columns.map((column) => column[i]!));
      yield {
        size,
        options: { columns: COLUMNS },
        repetitions: 3,
        // columns are read, standardised columns written and read, and contributions written
        work: { bytes: 8 * size * COLUMNS * 4 },
        contestants: [
          { tool: "driveshaft", run: () => similar(columns, [size >> 1]) },
          { tool: "pca", run: () => similar(columns, [size >> 1], { method: "pca" }) },
          { tool: "distances alone", run: () => plainDistances(rows, size >> 1) },
        ],
      };
    }
  },
};
