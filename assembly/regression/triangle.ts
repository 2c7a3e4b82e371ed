/**
 * The triangle of a matrix whose rows come in blocks: each block is orthogonalised together with the triangle of the
 * rows before, so that the matrix itself is never there. Demmel, Grigori, Hoemmen and Langou (2012),
 * doi:10.1137/080731992. Of Gram and Schmidt's process in its modified form the triangle is as exact as any, whatever
 * becomes of its vectors: Björck and Paige (1992), doi:10.1137/0613015.
 */
import { takeAway, length } from "./basis";

/** Rows of a block at least. */
const ROWS = 256;

/**
 * Writes the triangle of a basis, whose first vector is constant, of all squares and products of its other vectors, and
 * of values, in this order of columns. With the basis these span the squares and products of the columns that it is of,
 * and are as far apart as can be.
 */
export function triangleOfProducts(
  basis: Float64Array,
  n: i32,
  k: i32,
  values: Float64Array,
  triangle: Float64Array,
): void {
  const width = k + ((k * (k - 1)) >> 1) + 1;
  const rows = max(ROWS, 2 * width);
  // of each column what the triangle has of it, and below that its rows of a block
  const stack = new Float64Array(width * (width + rows));
  for (let begin = 0; begin < n; begin += rows) {
    const count = min(rows, n - begin);
    const height = width + count;
    for (let j = 0; j < width; j++) {
      for (let m = 0; m < width; m++) unchecked((stack[j * height + m] = triangle[j * width + m]));
    }
    let column = width;
    for (let a = 0; a < k; a++, column += height) {
      for (let i = 0; i < count; i++) unchecked((stack[column + i] = basis[a * n + begin + i]));
    }
    for (let a = 1; a < k; a++) {
      for (let b = a; b < k; b++, column += height) {
        const one = a * n + begin;
        const other = b * n + begin;
        for (let i = 0; i < count; i++) unchecked((stack[column + i] = basis[one + i] * basis[other + i]));
      }
    }
    for (let i = 0; i < count; i++) unchecked((stack[column + i] = values[begin + i]));
    triangularise(stack, height, width, triangle);
  }
}

/** Writes the triangle of columns, which it orthogonalises: the coordinates of column j, ascending, from j width on. */
function triangularise(columns: Float64Array, height: i32, width: i32, triangle: Float64Array): void {
  for (let m = 0; m < width; m++) {
    const own = m * height;
    const left = length(columns, own, height);
    unchecked((triangle[m * width + m] = left));
    if (left > 0.0) for (let i = 0; i < height; i++) unchecked((columns[own + i] /= left));
    for (let j = m + 1; j < width; j++) {
      unchecked((triangle[j * width + m] = takeAway(columns, own, columns, j * height, height)));
    }
  }
}
