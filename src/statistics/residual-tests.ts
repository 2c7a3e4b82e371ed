import { project, sumOfProducts, type LeastSquares } from "./least-squares.js";

/** A test: its statistic, degrees of freedom, and p; NaN where there is nothing to test. */
export interface Test {
  statistic: number;
  df: number;
  p: number;
}

/** Whether the errors of a regression are normal, and of the same variance everywhere. */
export interface ResidualTests {
  /** Normality, by skewness and kurtosis. Jarque and Bera (1980), doi:10.1016/0165-1765(80)90024-5. */
  jarqueBera: Test;
  /** Variance that follows the covariates, of normal errors. Breusch and Pagan (1979), doi:10.2307/1911963. */
  breuschPagan: Test;
  /** The same of errors of any kurtosis. Koenker and Bassett (1982), doi:10.2307/1912528. */
  koenkerBassett: Test;
  /** Variance that follows them, their squares and products. White (1980), doi:10.2307/1912934. */
  white: Test;
}

/** White's test takes the rows times the square of its columns; up to this a minute. */
const MOST_OF_WHITE = 2 ** 36;

/** Of its length, the share that a square or product has to itself at least. */
const OWN_SHARE = 1e-10;

export const chiSquared = ({ kernel: { call } }: LeastSquares, statistic: number, df: number): Test => ({
  statistic,
  df,
  p: call.chiSquaredUpper(statistic, df),
});

/**
 * Tests of residuals.
 * @param u residuals over their root mean square, f64 of shape (n,); NaN where they are rounding
 */
export function residualTests(fit: LeastSquares, u: Float64Array): ResidualTests {
  const { n, k } = fit;
  const squares = u.map((value) => value * value);
  const skewness = sumOfProducts(squares, u) / n;
  const kurtosis = sumOfProducts(squares, squares) / n;
  const onCovariates = regressed(fit, squares);
  return {
    jarqueBera: chiSquared(fit, (n / 6) * (skewness ** 2 + (kurtosis - 3) ** 2 / 4), 2),
    breuschPagan: chiSquared(fit, onCovariates.explained / 2, k - 1),
    koenkerBassett: chiSquared(fit, studentised(fit, onCovariates), k - 1),
    white: white(fit, squares),
  };
}

/** n R2 of a regression of the squared residuals, where these differ by more than rounding. */
function studentised({ n, rss }: LeastSquares, { explained, unexplained }: SumsOfSquares): number {
  const total = explained + unexplained;
  const rounding = (64 * Number.EPSILON) / Math.sqrt(rss / n);
  return total > n * rounding ** 2 ? (n * explained) / total : NaN;
}

/** The squares on the covariates, their squares and their products, as many as are no combinations of others. */
function white(fit: LeastSquares, squares: Float64Array): Test {
  const { kernel, n, k } = fit;
  const columns = k + (k * (k - 1)) / 2;
  if (n <= columns || n * columns ** 2 > MOST_OF_WHITE) return { statistic: NaN, df: columns - 1, p: NaN };
  // the squared residuals are one more column, and so each has one row more
  const rows = columns + 1;
  const triangle = kernel.float64(rows * rows);
  kernel.call.triangleOfProducts(fit.basis, n, k, kernel.float64(squares), triangle);
  const values = kernel.viewFloat64(triangle).slice(rows * columns);
  const coordinates = kernel.float64(columns * columns);
  kernel.call.orthonormalise(triangle, rows, columns, OWN_SHARE, coordinates);
  const own = kernel.viewFloat64(coordinates).filter((_, at) => at % (columns + 1) === 0);
  const onProducts = regressed({ kernel, n: rows, k: columns, basis: triangle }, values);
  return chiSquared(fit, studentised(fit, onProducts), own.filter((length) => length > 0).length - 1);
}

interface SumsOfSquares {
  explained: number;
  unexplained: number;
}

/** Sums of squares of a regression on a basis whose first vector is constant. */
function regressed(basis: Parameters<typeof project>[0], values: Float64Array): SumsOfSquares {
  const { coordinates, rest } = project(basis, values);
  const slopes = coordinates.subarray(1);
  return { explained: sumOfProducts(slopes, slopes), unexplained: sumOfProducts(rest, rest) };
}
