/**
 * Sums over a symmetric matrix that the moments of a Mantel statistic are made of. `rest` is what is off the diagonal.
 */
export interface MatrixSums {
  /** sum_i a_ii and sum_i a_ii^2. */
  diagonal: number;
  diagonalSquares: number;
  /** sum_{i != j} a_ij and of its squares. */
  rest: number;
  restSquares: number;
  /** sum_i (sum_{j != i} a_ij)^2 and sum_i a_ii sum_{j != i} a_ij. */
  rowSquares: number;
  rowProducts: number;
}

/**
 * Expectation and variance of sum_ij p_ij q_s(i)s(j) over all permutations s of n places, for symmetric p and q with
 * diagonals. Mantel (1967), Cancer Research 27, 209-220; with diagonals: Lee (2004), doi:10.1068/a34143.
 */
export function mantelMoments(p: MatrixSums, q: MatrixSums, n: number): { mean: number; variance: number } {
  // probabilities that one, two, three, four given places go to given ones
  const one = 1 / n;
  const two = one / (n - 1);
  const three = n > 2 ? two / (n - 2) : 0;
  const four = n > 3 ? three / (n - 3) : 0;
  const mean = p.diagonal * q.diagonal * one + p.rest * q.rest * two;
  /** Sums over pairs of elements, by how many places they have in common. */
  const pairs = (a: MatrixSums): Record<"apart" | "beside" | "touching" | "disjoint" | "aside", number> => ({
    apart: a.diagonal ** 2 - a.diagonalSquares,
    beside: a.rowSquares - a.restSquares,
    touching: a.rowProducts,
    disjoint: a.rest ** 2 + 2 * a.restSquares - 4 * a.rowSquares,
    aside: a.diagonal * a.rest - 2 * a.rowProducts,
  });
  const [a, b] = [pairs(p), pairs(q)];
  const diagonals = p.diagonalSquares * q.diagonalSquares * one + a.apart * b.apart * two;
  const rests =
    2 * p.restSquares * q.restSquares * two + 4 * a.beside * b.beside * three + a.disjoint * b.disjoint * four;
  const both = 2 * a.touching * b.touching * two + a.aside * b.aside * three;
  return { mean, variance: diagonals + rests + 2 * both - mean ** 2 };
}

/** Sums of x^a y^b over the places, a and b from 0 to 2; `count` of them. */
export interface PowerSums {
  count: number;
  x: number;
  y: number;
  xx: number;
  xy: number;
  yy: number;
  xxy: number;
  xyy: number;
  xxyy: number;
}

export function powerSums(x: Float64Array, y: Float64Array): PowerSums {
  const sums: PowerSums = { count: x.length, x: 0, y: 0, xx: 0, xy: 0, yy: 0, xxy: 0, xyy: 0, xxyy: 0 };
  for (let i = 0; i < x.length; i++) {
    const [u, v] = [x[i]!, y[i]!];
    sums.x += u;
    sums.y += v;
    sums.xx += u * u;
    sums.xy += u * v;
    sums.yy += v * v;
    sums.xxy += u * u * v;
    sums.xyy += u * v * v;
    sums.xxyy += u * u * v * v;
  }
  return sums;
}

/** The power sums without one place, where it has the values u and v. */
export function without(sums: PowerSums, u: number, v: number): PowerSums {
  return {
    count: sums.count - 1,
    x: sums.x - u,
    y: sums.y - v,
    xx: sums.xx - u * u,
    xy: sums.xy - u * v,
    yy: sums.yy - v * v,
    xxy: sums.xxy - u * u * v,
    xyy: sums.xyy - u * v * v,
    xxyy: sums.xxyy - u * u * v * v,
  };
}

/** The power sums of x + s and y + t. */
export function shifted({ count, x, y, xx, xy, yy, xxy, xyy, xxyy }: PowerSums, s: number, t: number): PowerSums {
  return {
    count,
    x: x + count * s,
    y: y + count * t,
    xx: xx + 2 * s * x + count * s * s,
    xy: xy + s * y + t * x + count * s * t,
    yy: yy + 2 * t * y + count * t * t,
    xxy: xxy + t * xx + 2 * s * xy + 2 * s * t * x + s * s * y + count * s * s * t,
    xyy: xyy + s * yy + 2 * t * xy + 2 * s * t * y + t * t * x + count * s * t * t,
    xxyy:
      xxyy +
      2 * t * xxy +
      2 * s * xyy +
      t * t * xx +
      4 * s * t * xy +
      s * s * yy +
      2 * s * t * t * x +
      2 * s * s * t * y +
      count * s * s * t * t,
  };
}

/** Sums over the matrix (x_i y_j + x_j y_i) / 2. */
export function productMatrix({ x, y, xx, xy, yy, xxy, xyy, xxyy }: PowerSums): MatrixSums {
  const crossed = xxy * y + xyy * x;
  return {
    diagonal: xy,
    diagonalSquares: xxyy,
    rest: x * y - xy,
    restSquares: (xx * yy + xy * xy) / 2 - xxyy,
    rowSquares: (xx * y * y + 2 * xy * x * y + yy * x * x) / 4 - crossed + xxyy,
    rowProducts: crossed / 2 - xxyy,
  };
}

/** Sums over the matrix w_j w_l, from the sums of the first four powers of w. */
export function outerMatrix(w: number, w2: number, w3: number, w4: number): MatrixSums {
  return {
    diagonal: w2,
    diagonalSquares: w4,
    rest: w * w - w2,
    restSquares: w2 * w2 - w4,
    rowSquares: w * w * w2 - 2 * w * w3 + w4,
    rowProducts: w * w3 - w4,
  };
}
