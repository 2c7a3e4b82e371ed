import type { Geometry, GeometryBuilder } from "../geometry/geometry.js";

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

/** A grid into which places are put. */
export interface Grid extends Adjacency {
  /** The cell that each point is in. */
  cellsOf(xs: Float64Array, ys: Float64Array): Cells;
  /**
   * The cells whose center is in any of the polygons, each once.
   * @param most cells that there may be
   * @throws INVALID_PARAMETER where there are more
   */
  inside(polygons: Geometry, most: number): Cells;
  /** The id of a cell, as text. */
  idOf(high: number, low: number): string;
  /** Adds the outline of a cell. */
  outline(high: number, low: number, into: GeometryBuilder): void;
}
