import { gravity } from "driveshaft";
import { points } from "../data.js";
import type { BenchJob } from "../measure.js";

/** Targets for each place that are within the radius, about. */
const TARGETS = 30;

const SHOPS = 10_000;

/** Customers of shops in a square of a tenth of a degree, in the plane and on Earth. */
export const gravityJob: BenchJob = {
  name: "gravity",
  *rounds() {
    const shops = degrees(points(SHOPS, "uniform"));
    const attraction = shops.xs.map((x) => 1 + (x % 1));
    const radius = Math.sqrt(TARGETS / SHOPS / Math.PI);
    for (const size of [10_000, 100_000]) {
      const people = degrees(points(size, "clustered"));
      for (const [on, greatCircle, reach] of [
        ["plane", false, radius],
        ["Earth", true, radius * 100_000],
      ] as const) {
        yield {
          size,
          options: { on, targets: SHOPS },
          repetitions: 3,
          contestants: [
            {
              tool: "driveshaft",
              run: () => gravity(people.xs, people.ys, shops.xs, shops.ys, attraction, { radius: reach, greatCircle }),
            },
          ],
        };
      }
    }
  },
};

/** The unit square as degrees of a temperate latitude. */
const degrees = ({ xs, ys }: { xs: Float64Array; ys: Float64Array }) => ({ xs, ys: ys.map((y) => 40 + y) });
