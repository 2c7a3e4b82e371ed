/**
 * Cells of a grid, each known by two 32-bit numbers: column and row, or the halves of an index of H3. Both arrays are
 * of shape (n,).
 */
export interface Cells {
  highs: Int32Array;
  lows: Int32Array;
}

/** Which cells of a grid touch each other. */
export interface Adjacency {
  /** Cells that touch a cell, at most. */
  degree: number;
  /** Writes the cells that touch one, the two numbers of each after the other, and returns how many there are. */
  next(high: number, low: number, into: Int32Array): number;
}
