/**
 * Weighted least squares at a location.
 *
 * Columns are differences from the covariates at the location, less their weighted mean, so that what they have in
 * common costs no digits; what is left is brought to length one, and solved by Cholesky's decomposition. That squares
 * the condition number, which QR would not, but takes half of the time; a covariate that has less than 1e-10 of its
 * local variation to itself, by which coefficients would keep no more than five digits, makes the matrix singular.
 */
import { conditionNumber } from "../regression/singular-values";
import { both, pairFrom, setPairFrom } from "../shared/vector";

/** Of its local variation, the share that a covariate has to itself at least. */
const OWN_SHARE: f64 = 1e-10;

/** Roundings of a covariate by which it varies at least. */
const ROUNDINGS: f64 = 8.0;

@final
export class Local {
  /** Roots of the weights of the rows near the location, in the order in which these were found, and their sum. */
  roots: Float64Array;
  total: f64 = 0.0;
  /** Covariates and then the dependent variable, each with all rows one after the other: differences times roots. */
  columns: Float64Array;
  /** What the location's covariates are above their weighted means, and that mean of each column by itself. */
  above: StaticArray<f64>;
  means: StaticArray<f64>;
  /** Slopes, and the inverse of the covariates' squares and products. */
  slopes: StaticArray<f64>;
  inverse: StaticArray<f64>;
  /** Lengths of the columns, the triangle of what they are at length one, and the dependent variable along it. */
  private lengths: StaticArray<f64>;
  private triangle: StaticArray<f64>;
  private effects: StaticArray<f64>;
  private along: StaticArray<f64>;
  private belsley: Float64Array;

  /** @param room rows that are near a location at most */
  constructor(public covariates: i32, public room: i32) {
    const m = covariates;
    this.roots = new Float64Array(room);
    this.columns = new Float64Array((m + 1) * room);
    this.above = new StaticArray<f64>(m);
    this.means = new StaticArray<f64>(m + 1);
    this.slopes = new StaticArray<f64>(m);
    this.inverse = new StaticArray<f64>(m * m);
    this.lengths = new StaticArray<f64>(m);
    this.triangle = new StaticArray<f64>(m * m);
    this.effects = new StaticArray<f64>(m);
    this.along = new StaticArray<f64>(m);
    this.belsley = new Float64Array((m + 1) * (m + 1));
  }

  /**
   * Takes rows in: of each column its values less an origin, which are turned into weighted deviations.
   * @param origins what was taken off each column; of covariates their values at the location
   */
  center(count: i32, origins: StaticArray<f64>): void {
    const m = this.covariates;
    const roots = this.roots;
    this.total = product(roots, 0, roots, 0, count);
    for (let c = 0; c <= m; c++) {
      const mean = weightedSum(roots, this.columns, c * this.room, count) / this.total;
      deviate(this.columns, c * this.room, mean, roots, count);
      unchecked((this.means[c] = origins[c] + mean));
      if (c < m) unchecked((this.above[c] = -mean));
    }
  }

  /**
   * Decomposes the squares and products of the covariates' columns.
   * @param ridge what is added to each square, as a share of it; a covariate without any gets a coefficient of 0
   * @returns false where the matrix is singular, without a ridge
   */
  decompose(count: i32, ridge: f64): bool {
    const m = this.covariates;
    const room = this.room;
    const columns = this.columns;
    const triangle = this.triangle;
    const lengths = this.lengths;
    const effects = this.effects;
    if (!(this.total > 0.0)) return false;
    for (let a = 0; a < m; a++) {
      const square = product(columns, a * room, columns, a * room, count);
      const rounding = ROUNDINGS * f64.EPSILON * Math.abs(unchecked(this.means[a]));
      const varies = square > rounding * rounding * this.total;
      if (!varies && ridge == 0.0) return false;
      unchecked((lengths[a] = varies ? Math.sqrt(square) : Infinity));
    }
    for (let a = 0; a < m; a++) {
      for (let b = 0; b <= a; b++) {
        let value = 1.0 + ridge;
        if (b < a) {
          value = product(columns, a * room, columns, b * room, count) / unchecked(lengths[a]) / unchecked(lengths[b]);
        }
        for (let c = 0; c < b; c++) value -= unchecked(triangle[a * m + c]) * unchecked(triangle[b * m + c]);
        if (b < a) unchecked((triangle[a * m + b] = value / triangle[b * m + b]));
        else if (value <= OWN_SHARE) return false;
        else unchecked((triangle[a * m + a] = Math.sqrt(value)));
      }
      unchecked((effects[a] = product(columns, a * room, columns, m * room, count)));
    }
    this.forward(effects);
    for (let a = 0; a < m; a++) unchecked((this.along[a] = this.above[a]));
    this.forward(this.along);
    return true;
  }

  /** The dependent variable at the location, as the regression has it. */
  predicted(): f64 {
    let sum = unchecked(this.means[this.covariates]);
    for (let a = 0; a < this.covariates; a++) sum += unchecked(this.along[a]) * unchecked(this.effects[a]);
    return sum;
  }

  /** The share of a row of weight 1 at the location in what is predicted there. */
  influence(): f64 {
    let sum = 1.0 / this.total;
    for (let a = 0; a < this.covariates; a++) sum += unchecked(this.along[a]) * unchecked(this.along[a]);
    return sum;
  }

  solveSlopes(): void {
    for (let a = 0; a < this.covariates; a++) unchecked((this.slopes[a] = this.effects[a]));
    this.backward(this.slopes);
  }

  /** Inverts the matrix. What was along it is forgotten, so that predictions come before. */
  invert(): void {
    const m = this.covariates;
    const inverse = this.inverse;
    const column = this.effects;
    for (let b = 0; b < m; b++) {
      for (let a = 0; a < m; a++) unchecked((column[a] = a == b ? 1.0 : 0.0));
      this.forward(column);
      this.backward(column);
      for (let a = 0; a < m; a++) unchecked((inverse[a * m + b] = column[a]));
    }
  }

  /** The intercept: the dependent variable where all covariates are 0. */
  intercept(): f64 {
    let sum = unchecked(this.means[this.covariates]);
    for (let a = 0; a < this.covariates; a++) sum -= unchecked(this.means[a]) * unchecked(this.slopes[a]);
    return sum;
  }

  /**
   * Adds the squares of what each row counts in the intercept and in the slopes, times its variance, to sums; returns
   * the squares of what it counts in the prediction.
   * @param kernelRoots of the weights that the kernel gave, which the variances divide to those there are
   */
  addSquares(count: i32, kernelRoots: Float64Array, sums: StaticArray<f64>): f64 {
    const m = this.covariates;
    const roots = this.roots;
    let squares = 0.0;
    for (let q = 0; q < count; q++) {
      const root = unchecked(roots[q]);
      if (root == 0.0) continue;
      const inverseDeviation = unchecked(kernelRoots[q]) / root;
      let predicted = this.meanShare(q);
      let intercept = predicted;
      for (let a = 0; a < m; a++) {
        let slope = this.slopeShare(a, q);
        predicted += unchecked(this.above[a]) * slope;
        intercept -= unchecked(this.means[a]) * slope;
        slope *= inverseDeviation;
        unchecked((sums[a + 1] += slope * slope));
      }
      intercept *= inverseDeviation;
      unchecked((sums[0] += intercept * intercept));
      squares += predicted * predicted;
    }
    return squares;
  }

  /** What a row counts in the weighted mean. */
  // @ts-ignore: decorator
  @inline
  meanShare(q: i32): f64 {
    const root = unchecked(this.roots[q]);
    return (root * root) / this.total;
  }

  /** What a row counts in a slope. */
  // @ts-ignore: decorator
  @inline
  slopeShare(a: i32, q: i32): f64 {
    const m = this.covariates;
    let sum = 0.0;
    for (let b = 0; b < m; b++) sum += unchecked(this.inverse[a * m + b]) * unchecked(this.columns[b * this.room + q]);
    return sum * unchecked(this.roots[q]);
  }

  /**
   * Belsley's condition number, of the weighted columns as they are, the intercept's among them, at length one; NaN
   * where a covariate does not vary.
   */
  condition(): f64 {
    const m = this.covariates;
    const k = m + 1;
    const belsley = this.belsley;
    const triangle = this.triangle;
    const lengths = this.lengths;
    for (let c = 0; c < k * k; c++) unchecked((belsley[c] = c == 0 ? 1.0 : 0.0));
    const root = Math.sqrt(this.total);
    for (let a = 0; a < m; a++) {
      const along = root * unchecked(this.means[a]);
      const own = unchecked(lengths[a]);
      if (own == Infinity) return NaN;
      const length = Math.sqrt(along * along + own * own);
      unchecked((belsley[(a + 1) * k] = along / length));
      for (let b = 0; b <= a; b++) unchecked((belsley[(a + 1) * k + b + 1] = (own * triangle[a * m + b]) / length));
    }
    return conditionNumber(belsley, k);
  }

  /** The sum of squared deviations of the dependent variable from its weighted mean. */
  variation(count: i32): f64 {
    const begin = this.covariates * this.room;
    return product(this.columns, begin, this.columns, begin, count);
  }

  /** Brings a vector to columns of length one, and solves the lower triangle for it, in its place. */
  private forward(vector: StaticArray<f64>): void {
    const m = this.covariates;
    const triangle = this.triangle;
    const lengths = this.lengths;
    for (let a = 0; a < m; a++) {
      let value = unchecked(vector[a]) / unchecked(lengths[a]);
      for (let b = 0; b < a; b++) value -= unchecked(triangle[a * m + b]) * unchecked(vector[b]);
      unchecked((vector[a] = value / triangle[a * m + a]));
    }
  }

  /** Solves the upper triangle, and brings what it finds to the columns as they are. */
  private backward(vector: StaticArray<f64>): void {
    const m = this.covariates;
    const triangle = this.triangle;
    const lengths = this.lengths;
    for (let a = m - 1; a >= 0; a--) {
      let value = unchecked(vector[a]);
      for (let b = a + 1; b < m; b++) value -= unchecked(triangle[b * m + a]) * unchecked(vector[b]);
      unchecked((vector[a] = value / triangle[a * m + a]));
    }
    for (let a = 0; a < m; a++) unchecked((vector[a] /= lengths[a]));
  }
}

/** The sum of the products of two runs of numbers. */
function product(a: Float64Array, atA: i32, b: Float64Array, atB: i32, count: i32): f64 {
  const first = a.dataStart;
  const second = b.dataStart;
  let sums = f64x2.splat(0.0);
  const even = count & ~1;
  for (let q = 0; q < even; q += 2) {
    const pair = pairFrom(first, a.length, atA + q);
    sums = f64x2.add(sums, f64x2.mul(pair, pairFrom(second, b.length, atB + q)));
  }
  const sum = both(sums);
  return even < count ? sum + unchecked(a[atA + even]) * unchecked(b[atB + even]) : sum;
}

/** The sum of numbers from `begin` on, weighted by the squares of roots. */
function weightedSum(roots: Float64Array, values: Float64Array, begin: i32, count: i32): f64 {
  const first = roots.dataStart;
  const second = values.dataStart;
  let sums = f64x2.splat(0.0);
  const even = count & ~1;
  for (let q = 0; q < even; q += 2) {
    const root = pairFrom(first, roots.length, q);
    sums = f64x2.add(sums, f64x2.mul(f64x2.mul(root, root), pairFrom(second, values.length, begin + q)));
  }
  const sum = both(sums);
  return even < count ? sum + unchecked(roots[even]) * unchecked(roots[even]) * unchecked(values[begin + even]) : sum;
}

/** Turns numbers from `begin` on into deviations from a mean, times roots. */
function deviate(values: Float64Array, begin: i32, mean: f64, roots: Float64Array, count: i32): void {
  const first = roots.dataStart;
  const second = values.dataStart;
  const means = f64x2.splat(mean);
  const even = count & ~1;
  for (let q = 0; q < even; q += 2) {
    const deviation = f64x2.sub(pairFrom(second, values.length, begin + q), means);
    setPairFrom(second, values.length, begin + q, f64x2.mul(deviation, pairFrom(first, roots.length, q)));
  }
  if (even < count) unchecked((values[begin + even] = (values[begin + even] - mean) * roots[even]));
}
