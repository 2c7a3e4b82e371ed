import { dotDensity, geometryFromGeoJson } from "driveshaft";
import { grid } from "../data.js";
import type { BenchJob } from "../measure.js";

/** Dots in each polygon, about. */
const DOTS = 100;

/** Dots in the quadrilaterals of a jittered lattice. */
export const dotDensityJob: BenchJob = {
  name: "dot_density",
  *rounds() {
    for (const side of [32, 100]) {
      const geometry = geometryFromGeoJson(grid(side).features());
      const values = new Float64Array(side * side).fill(DOTS);
      yield {
        size: side * side,
        options: { dots: DOTS * side * side },
        repetitions: 3,
        contestants: [{ tool: "driveshaft", run: () => dotDensity(geometry, values) }],
      };
    }
  },
};
