import { placesLike } from "../geometry/place.js";
import { voronoi } from "../geometry/voronoi.js";
import { analysis, float8, geometry } from "./analysis.js";
import { extent, regionOf } from "./extent.js";
import { place } from "./inputs.js";

export const voronoiAnalysis = analysis({
  name: "voronoi",
  title: "Voronoi cells",
  description: "Around each row what is nearer to it than to any other: cells that share their borders exactly.",
  version: 1,
  inputs: { place: place() },
  options: { extent: extent("cells") },
  rows: "each",
  columns: {
    area: float8("area of the cell, in squared units of the coordinates"),
    cell: geometry(
      "the cell as a polygon; null, and so is its area, of a row that another of lower id coincides with, and of one whose cell lies outside the extent",
    ),
  },
  leastRows: 1,
  example: { of: "airports", parameters: { extent: [0, 0, 8, 6] } },
  size: "standard",
  run({ place }, { extent }) {
    const { xs, ys } = place.points(undefined, "voronoi");
    const { cells, areas, corners } = voronoi(xs, ys, regionOf(extent, xs, ys));
    const coincident = corners.reduce((count, corner, i) => count + Number(corner !== i), 0);
    const total = areas.reduce((sum, area) => sum + (Number.isNaN(area) ? 0 : area), 0);
    return {
      columns: { area: areas, cell: placesLike(place, cells) },
      summary: {
        cells: areas.reduce((count, area) => count + Number(!Number.isNaN(area)), 0),
        coincident,
        area: total,
      },
      warnings:
        coincident > 0 ? [`${coincident} rows coincide with others, of which the one of lowest id has the cell`] : [],
    };
  },
});
