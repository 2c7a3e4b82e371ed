import { DriveshaftError } from "../errors.js";
import { areaOfHexagon, FINEST, h3Grid } from "./h3-grid.js";
import type { Grid } from "./grid.js";
import { hexagonGrid } from "./hexagon.js";
import { quadbinGrid } from "./quadbin.js";
import { squareGrid } from "./rectangle.js";

/** What cells a grid is made of. */
export type CellKind = { type: "square" | "hexagon"; size: number } | { type: "h3" | "quadbin"; resolution: number };

export function gridOf(kind: CellKind): Grid {
  switch (kind.type) {
    case "square":
      return squareGrid(kind.size);
    case "hexagon":
      return hexagonGrid(kind.size);
    case "h3":
      return h3Grid(kind.resolution);
    case "quadbin":
      return quadbinGrid(kind.resolution);
  }
}

/** Cells that a study area is divided into where no size is given. */
const FEWEST = 100;
const MOST = 100_000;

/**
 * Cells of twice the area that there is for each event, as is the custom for quadrats: Greig-Smith (1952), The use of
 * random and contiguous quadrats; of H3 those that are no smaller than that. No fewer than 100 and no more than 100,000
 * cover the area.
 * @param area of the study area: square metres for cells of H3, squared units of the coordinates for squares
 * @throws INVALID_PARAMETER where it is 0
 */
export function cellsFor(type: "h3" | "square", area: number, events: number): CellKind {
  if (!(area > 0)) {
    throw new DriveshaftError("INVALID_PARAMETER", "the study area has no area, so no size of cells follows from it", {
      hint: 'Name cells, such as {"cells": {"type": "square", "size": 500}}.',
    });
  }
  const wanted = Math.max(area / MOST, Math.min(area / FEWEST, (2 * area) / events));
  if (type === "square") return { type, size: Number(Math.sqrt(wanted).toPrecision(2)) };
  let resolution = FINEST;
  while (resolution > 0 && areaOfHexagon(resolution) < wanted) resolution--;
  return { type, resolution };
}
