import { sphericalArea } from "../geometry/area.js";
import { strips } from "../geometry/strips.js";
import type { Grid } from "./grid.js";
import { h3Adjacency, highOf, lowOf } from "./h3.js";
import { tooManyCells } from "./lattice.js";
import { h3 } from "./library.js";
import { numberCells } from "./numbering.js";

/** The finest resolution there is. */
export const FINEST = 15;

/** Square metres of a hexagon, on average. */
export const areaOfHexagon = (resolution: number): number => h3().getHexagonAreaAvg(resolution, "m2");

/** Cells of H3 of a resolution. */
export function h3Grid(resolution: number): Grid {
  return {
    ...h3Adjacency,
    cellsOf(xs, ys) {
      const [highs, lows] = [new Int32Array(xs.length), new Int32Array(xs.length)];
      const { latLngToCell } = h3();
      for (let i = 0; i < xs.length; i++) {
        const index = latLngToCell(ys[i]!, xs[i]!, resolution);
        highs[i] = highOf(index);
        lows[i] = lowOf(index);
      }
      return { highs, lows };
    },
    inside(polygons, most) {
      // before they take memory; polygons may overlap, and hexagons differ in area by half
      const about = sphericalArea(polygons) / areaOfHexagon(resolution);
      if (about > 2 * most) throw tooManyCells(most, about);
      const found = numberCells();
      for (const polygon of strips(polygons)) {
        for (const index of h3().polygonToCells(polygon, resolution, true)) found.number(highOf(index), lowOf(index));
        if (found.count > most) throw tooManyCells(most);
      }
      return found.cells();
    },
    idOf: (high, low) => h3().splitLongToH3Index(low, high),
    outline(high, low, into) {
      const corners = h3().cellToBoundary([low, high], true);
      const longitudes = corners.map(([x]) => x);
      // across the date line longitudes go on
      const isCut = Math.max(...longitudes) - Math.min(...longitudes) > 180;
      for (const [x, y] of corners) into.vertex(isCut && x < 0 ? x + 360 : x, y);
      into.ring(false);
      into.polygon();
    },
  };
}
