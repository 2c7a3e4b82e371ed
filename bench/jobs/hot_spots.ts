import { checkParameters } from "#dist/analyses/check-parameters.js";
import { hotSpotsAnalysis } from "#dist/analyses/hot_spots.js";
import { gridOf, type CellKind } from "#dist/cells/choose.js";
import { sumsOfCells, sumsOfPolygons } from "#dist/cells/aggregate.js";
import { buildGeometry, nowhere, type Geometry } from "#dist/geometry/geometry.js";
import { placeOf, type Place } from "#dist/geometry/place.js";
import { points, type Points } from "../data.js";
import type { BenchJob } from "../measure.js";

/** Cells of which some 20,000 to 30,000 cover a square of 10 degrees. */
const kinds: CellKind[] = [
  { type: "square", size: 0.06 },
  { type: "hexagon", size: 0.04 },
  { type: "quadbin", resolution: 12 },
  { type: "h3", resolution: 6 },
];

/** The unit square as one of 10 degrees. */
function degrees({ xs, ys }: Points): { xs: Float64Array; ys: Float64Array } {
  return { xs: xs.map((x) => 10 * x), ys: ys.map((y) => 10 * y) };
}

function placeOfPoints({ xs, ys }: { xs: Float64Array; ys: Float64Array }): Place {
  const geometry = buildGeometry();
  xs.forEach((x, i) => geometry.point(x, ys[i]!));
  return placeOf({ type: "geometry", geometry: geometry.take(), srid: 0, geography: false });
}

/** Squares side by side, as zones. */
function zones(side: number): Geometry {
  const into = buildGeometry();
  const grid = gridOf({ type: "square", size: 10 / side });
  for (let column = 0; column < side; column++) for (let row = 0; row < side; row++) grid.outline(column, row, into);
  return into.take();
}

/** Events into cells, and the whole analysis from events to classes. */
export const hotSpotsJob: BenchJob = {
  name: "hot_spots",
  *rounds() {
    const many = degrees(points(1_000_000, "clustered"));
    for (const kind of kinds) {
      yield {
        size: many.xs.length,
        options: { into: kind.type },
        repetitions: 3,
        work: { bytes: many.xs.length * (16 + 8) },
        contestants: [{ tool: "driveshaft", run: () => sumsOfCells(many, gridOf(kind), nowhere(0), Infinity) }],
      };
    }
    const polygons = zones(100);
    yield {
      size: many.xs.length,
      options: { into: "10,000 polygons" },
      repetitions: 3,
      work: { bytes: many.xs.length * (16 + 4) },
      contestants: [{ tool: "driveshaft", run: () => sumsOfPolygons(many, polygons) }],
    };
    const some = placeOfPoints(degrees(points(100_000, "clustered")));
    const context = { n: 100_000, threads: 1, report: () => undefined };
    for (const cells of [undefined, ...kinds]) {
      const parameters = checkParameters(hotSpotsAnalysis, cells ? { cells } : {});
      const inputs = { place: some, value: undefined, ids: () => undefined };
      yield {
        size: 100_000,
        options: { cells: cells?.type ?? "default" },
        repetitions: 3,
        contestants: [{ tool: "driveshaft", run: () => hotSpotsAnalysis.run(inputs, parameters, context) }],
      };
    }
  },
};
