import type { Adjacency } from "./grid.js";

/** The eight squares around one, by column and row. */
export const squareAdjacency: Adjacency = {
  degree: 8,
  next(column, row, into) {
    let at = 0;
    for (let right = -1; right <= 1; right++) {
      for (let up = -1; up <= 1; up++) {
        if (right === 0 && up === 0) continue;
        into[at++] = column + right;
        into[at++] = row + up;
      }
    }
    return 8;
  },
};
