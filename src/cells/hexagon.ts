import type { Grid } from "./grid.js";
import { latticeInside } from "./lattice.js";
import { checkReach, columnAndRow } from "./rectangle.js";

/** Height of a hexagon of edge 1 that stands on an edge: the root of 3. */
const HEIGHT = 1.7320508075688772;

/** What messages call the edge. */
const SIZE = "cells.size";

/**
 * Hexagons of an edge that lie on their edges, in columns of which every other one is half a cell up; as ST_HexagonGrid
 * of PostGIS numbers them.
 */
export function hexagonGrid(size: number): Grid {
  const height = HEIGHT * size;
  return {
    degree: 6,
    next(column, row, into) {
      // beside a column that is up lie this row and the one above, beside another this one and the one below
      const beside = isUp(column) ? row : row - 1;
      into.set([column - 1, beside, column - 1, beside + 1, column, row - 1]);
      into.set([column, row + 1, column + 1, beside, column + 1, beside + 1], 6);
      return 6;
    },
    cellsOf(xs, ys) {
      for (const coordinates of [xs, ys]) checkReach(coordinates, 0, size, SIZE);
      const [highs, lows] = [new Int32Array(xs.length), new Int32Array(xs.length)];
      for (let i = 0; i < xs.length; i++) {
        // three axes that sum to 0: of the rounded ones that which is off most follows from the others
        const a = xs[i]! / (1.5 * size);
        const b = ys[i]! / height - a / 2;
        let [p, q] = [Math.round(a), Math.round(b)];
        const r = Math.round(-a - b);
        const [offP, offQ, offR] = [Math.abs(p - a), Math.abs(q - b), Math.abs(r + a + b)];
        if (offP > offQ && offP > offR) p = -q - r;
        else if (offQ > offR) q = -p - r;
        highs[i] = p;
        lows[i] = q + (p - Number(isUp(p))) / 2;
      }
      return { highs, lows };
    },
    inside(polygons, most) {
      for (const coordinates of [polygons.xs, polygons.ys]) checkReach(coordinates, 0, size, SIZE);
      const y0 = (column: number): number => (isUp(column) ? height / 2 : 0);
      return latticeInside(polygons, { width: 1.5 * size, x0: 0, height, y0 }, most);
    },
    idOf: columnAndRow,
    outline(column, row, into) {
      // halves of an edge and of the height, whole numbers of which are the same for all who share a corner
      const x = 3 * column;
      const y = 2 * row + Number(isUp(column));
      const corners = [
        [-2, 0],
        [-1, -1],
        [1, -1],
        [2, 0],
        [1, 1],
        [-1, 1],
      ] as const;
      for (const [dx, dy] of corners) into.vertex((size / 2) * (x + dx), (height / 2) * (y + dy));
      into.ring(false);
      into.polygon();
    },
  };
}

const isUp = (column: number): boolean => (column & 1) === 1;
