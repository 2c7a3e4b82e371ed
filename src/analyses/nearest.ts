import * as z from "zod";
import { nearest } from "../weights/nearest.js";
import { analysis, float8, ids, int4 } from "./analysis.js";
import { place } from "./inputs.js";
import { greatCircle } from "./parameters.js";
import { table } from "./tables.js";

export const nearestAnalysis = analysis({
  name: "nearest",
  title: "Nearest of other places",
  description: "For each row the nearest rows of another table, with the distances to them.",
  version: 1,
  inputs: { place: place() },
  tables: { targets: table("the rows that are looked for, with id and place", { place: place() }) },
  options: {
    k: z.int().min(1).max(1000).default(1).describe("number of targets for each row"),
    great_circle: greatCircle,
  },
  rows: "any",
  key: ["rank"],
  columns: {
    rank: int4("1 for the nearest target of the row, 2 for the next; of targets equally near the lower id comes first"),
    target_id: ids("id of the target", "targets"),
    distance: float8("distance to it, between centroids of polygons, in units of the coordinates or metres"),
  },
  leastRows: 1,
  example: {
    of: "airports",
    parameters: { k: 2, great_circle: true },
    tables: { targets: "hospitals" },
  },
  size: "standard",
  cost: [["rows", "k"]],
  run({ place, targets }, { k, great_circle: greatCircle }, { n, report }) {
    const from = place.points(greatCircle, "great_circle");
    const to = targets.place.points(greatCircle, "great_circle");
    const progress = (share: number): void => report("search", share);
    const found = nearest(from.xs, from.ys, to.xs, to.ys, { k, greatCircle, progress });
    return {
      rows: Int32Array.from({ length: n * k }, (_, q) => Math.floor(q / k)),
      columns: {
        rank: Int32Array.from({ length: n * k }, (_, q) => (q % k) + 1),
        target_id: found.indices,
        distance: found.distances,
      },
      summary: { targets: targets.n },
    };
  },
});
