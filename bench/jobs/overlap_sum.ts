import { geometryFromGeoJson, overlaps } from "driveshaft";
import { grid } from "../data.js";
import type { BenchJob } from "../measure.js";

/** Two lattices of jittered quadrilaterals, one as far from the other as it is jittered. */
export const overlapSumJob: BenchJob = {
  name: "overlap_sum",
  *rounds() {
    for (const side of [32, 100, 316]) {
      const [zones, sources] = [side, side + 1].map((each) => geometryFromGeoJson(grid(each).features()));
      yield {
        size: side * side,
        options: { sources: (side + 1) ** 2 },
        repetitions: 3,
        contestants: [{ tool: "driveshaft", run: () => overlaps(zones!, sources!) }],
      };
    }
  },
};
