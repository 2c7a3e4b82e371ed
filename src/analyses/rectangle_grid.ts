import * as z from "zod";
import { numberCells } from "../cells/numbering.js";
import { rectangleGrid } from "../cells/rectangle.js";
import { studyAreaOf } from "../cells/study-area.js";
import { DriveshaftError } from "../errors.js";
import { buildGeometry } from "../geometry/geometry.js";
import { placesLike } from "../geometry/place.js";
import { analysis, geometry, int4, text } from "./analysis.js";
import { place } from "./inputs.js";

/** Cells at most. */
const MOST_CELLS = 1_000_000;

const size = z.number().gt(0).lt(1e150);
const coordinate = z.number().min(-1e150).max(1e150);

export const rectangleGridAnalysis = analysis({
  name: "rectangle_grid",
  title: "Rectangle grid",
  description: "Rectangles of one size over the rows, with the number of rows in each.",
  version: 1,
  inputs: { place: place() },
  options: {
    width: size.describe("width of a cell, in units of the coordinates"),
    height: size.optional().describe("its height; default the width"),
    origin_x: coordinate.default(0).describe("x of a corner of cells"),
    origin_y: coordinate.default(0).describe("y of that corner"),
    area: z
      .enum(["extent", "hull", "polygons"])
      .default("extent")
      .describe("in what the centers of cells are: the extent of the rows, their convex hull, or their polygons"),
  },
  rows: "several",
  key: ["cell"],
  columns: {
    cell: text("id of the cell, column:row from the origin"),
    n: int4("number of rows in it, polygons by their centroids"),
    geometry: geometry("the cell as a polygon"),
  },
  leastRows: 1,
  idOptional: true,
  example: { of: "airports", parameters: { width: 1 } },
  size: "light",
  run({ place }, { width, height = width, origin_x: x0, origin_y: y0, area }, { n: rows }) {
    const vertices = place.vertices("rectangle_grid");
    if (area === "polygons" && !place.hasPolygons) {
      throw new DriveshaftError("INVALID_PARAMETER", "area is polygons, but the rows have points", {
        hint: "Use extent or hull.",
      });
    }
    const grid = rectangleGrid({ width, height, x0, y0 });
    const cells = grid.inside(area === "polygons" ? place.geometry : studyAreaOf(area, vertices), MOST_CELLS);
    if (cells.highs.length === 0) throw noCells(area);
    const order = Int32Array.from(cells.highs.keys());
    order.sort((a, b) => cells.highs[a]! - cells.highs[b]! || cells.lows[a]! - cells.lows[b]!);
    const numbering = numberCells();
    const outlines = buildGeometry();
    const labels = Array.from(order, (cell) => {
      const [column, row] = [cells.highs[cell]!, cells.lows[cell]!];
      numbering.number(column, row);
      grid.outline(column, row, outlines);
      return grid.idOf(column, row);
    });
    const { xs, ys } = place.points(undefined, "rectangle_grid");
    const held = grid.cellsOf(xs, ys);
    const n = new Int32Array(labels.length);
    let outside = 0;
    for (let i = 0; i < rows; i++) {
      const cell = numbering.find(held.highs[i]!, held.lows[i]!);
      if (cell >= 0) n[cell]!++;
      else outside++;
    }
    return {
      columns: {
        cell: { codes: Int32Array.from(labels.keys()), labels },
        n,
        geometry: placesLike(place, outlines.take()),
      },
      summary: { cells: labels.length, outside },
    };
  },
});

function noCells(area: string): DriveshaftError {
  return new DriveshaftError("INVALID_PARAMETER", `no cell has its center in the ${area} of the rows`, {
    hint: "Use smaller cells.",
  });
}
