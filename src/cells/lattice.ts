import { DriveshaftError } from "../errors.js";
import { POLYGON, type Geometry } from "../geometry/geometry.js";
import { ringsOfFeatures } from "../geometry/take-features.js";
import type { Cells } from "./grid.js";
import { numberCells, type Numbering } from "./numbering.js";

/** Centers of cells: in column c, at x0 + c width, those of row r at y0(c) + r height. */
export interface Lattice {
  width: number;
  x0: number;
  height: number;
  y0(column: number): number;
}

/**
 * The cells whose center lies in any of the polygons, each once: along each column what is between an odd crossing of
 * an outline and the next. What lies on an edge is on one of its sides, the same for all who share the edge.
 * @throws INVALID_PARAMETER where there are more than `most`
 */
export function latticeInside(polygons: Geometry, lattice: Lattice, most: number): Cells {
  const found = numberCells();
  const rings = ringsOfFeatures(polygons);
  for (let i = 0; i < polygons.kinds.length; i++) {
    if (polygons.kinds[i] === POLYGON) fill(polygons, rings[i]!, rings[i + 1]!, lattice, found, most);
  }
  return found.cells();
}

function fill(
  { xs, ys, ringOffsets }: Geometry,
  firstRing: number,
  endRing: number,
  { width, x0, height, y0 }: Lattice,
  found: Numbering,
  most: number,
): void {
  const crossings = new Map<number, number[]>();
  for (let ring = firstRing; ring < endRing; ring++) {
    const [begin, end] = [ringOffsets[ring]!, ringOffsets[ring + 1]!];
    for (let v = begin, previous = end - 1; v < end; previous = v++) {
      // from left to right, so that both who share an edge compute the same
      const [a, b] = xs[previous]! <= xs[v]! ? [previous, v] : [v, previous];
      const last = Math.ceil((xs[b]! - x0) / width) - 1;
      for (let column = Math.ceil((xs[a]! - x0) / width); column <= last; column++) {
        const share = (x0 + column * width - xs[a]!) / (xs[b]! - xs[a]!);
        const y = ys[a]! + share * (ys[b]! - ys[a]!);
        const known = crossings.get(column);
        if (known) known.push(y);
        else crossings.set(column, [y]);
        if (crossings.size > most) throw tooManyCells(most);
      }
    }
  }
  for (const [column, at] of crossings) {
    at.sort((a, b) => a - b);
    for (let c = 0; c + 1 < at.length; c += 2) {
      const from = Math.ceil((at[c]! - y0(column)) / height);
      const to = Math.ceil((at[c + 1]! - y0(column)) / height);
      if (found.count + to - from > 2 * most) throw tooManyCells(most);
      for (let row = from; row < to; row++) found.number(column, row);
      if (found.count > most) throw tooManyCells(most);
    }
  }
}

/** @param about how many there are, where that is known */
export function tooManyCells(most: number, about?: number): DriveshaftError {
  const count = about === undefined ? "more cells than" : `about ${Math.round(about)} cells, more than`;
  return new DriveshaftError("INVALID_PARAMETER", `the study area has ${count} ${most}`, {
    hint: "Use larger cells, or a smaller study area.",
  });
}
