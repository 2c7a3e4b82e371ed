/**
 * The characteristic functions of sums of a random subset. With p_i = sum over all values of x^i, x = exp(-2 pi i m b
 * bins), Newton's identities give the elementary symmetric polynomials e_j, and A_j = e_j / C(n, j) is the
 * characteristic function of the sum of j of n values at frequency m: Pagano and Tritchler (1983),
 * doi:10.1080/01621459.1983.10477990. p_i at m is p_1 at i m, so one transform of the histogram holds all of them.
 */
import { pairFrom, setPairFrom } from "../shared/vector";

/** A coefficient that is smaller takes no part: |A_j| is at most 1. */
const NOTHING = 1e-17;

@final
export class Newton {
  /** How many values there are, and the largest subset. */
  n: i32;
  largest: i32;
  /** coefficients[j * (largest + 1) + i] of A_(j - i) p_i in A_j, and how many of them count. */
  coefficients: Float64Array;
  terms: Int32Array;
  /** Power sums and characteristic functions at two frequencies: both real parts, both imaginary parts. */
  powers: Float64Array;
  functions: Float64Array;

  constructor(n: i32, largest: i32) {
    const width = largest + 1;
    this.n = n;
    this.largest = largest;
    this.coefficients = new Float64Array(width * width);
    this.terms = new Int32Array(width);
    this.powers = new Float64Array(4 * width);
    this.functions = new Float64Array(4 * width);
    for (let j = 1; j <= largest; j++) {
      // C(n, j - i) / C(n, j) / j, alternating
      let coefficient = 1.0 / <f64>j;
      for (let i = 1; i <= j; i++) {
        coefficient *= <f64>(j - i + 1) / <f64>(n - j + i);
        if (coefficient * <f64>n < NOTHING) break;
        unchecked((this.coefficients[j * width + i] = i & 1 ? coefficient : -coefficient));
        unchecked((this.terms[j] = i));
      }
    }
  }

  /** A bound on |A_j| where |p_1| is at most `share` of n, whatever the other power sums are; written for every j. */
  bounds(share: f64, bound: Float64Array): void {
    const width = this.largest + 1;
    unchecked((bound[0] = 1.0));
    for (let j = 1; j <= this.largest; j++) {
      let sum = 0.0;
      for (let i = 1; i <= unchecked(this.terms[j]); i++) {
        const power = i == 1 ? share : 1.0;
        sum += Math.abs(unchecked(this.coefficients[j * width + i])) * unchecked(bound[j - i]) * power * <f64>this.n;
      }
      unchecked((bound[j] = min(1.0, sum)));
    }
  }

  /** Writes `functions` at frequencies m and m + 1 of `bins`, of which `spectrum` is p_1 from 0 to bins / 2. */
  at(spectrum: Float64Array, bins: i32, m: i32): void {
    const begin = spectrum.dataStart;
    const length = spectrum.length;
    const powers = this.powers.dataStart;
    const functions = this.functions.dataStart;
    const size = this.powers.length;
    const most = unchecked(this.terms[this.largest]);
    for (let i = 1; i <= most; i++) {
      const a = fold(begin, length, bins, i * m);
      const b = fold(begin, length, bins, i * (m + 1));
      setPairFrom(powers, size, 4 * i, v128.shuffle<f64>(a, b, 0, 2));
      setPairFrom(powers, size, 4 * i + 2, v128.shuffle<f64>(a, b, 1, 3));
    }
    setPairFrom(functions, size, 0, f64x2.splat(1.0));
    setPairFrom(functions, size, 2, f64x2.splat(0.0));
    const coefficients = this.coefficients.dataStart;
    const width = this.largest + 1;
    for (let j = 1; j <= this.largest; j++) {
      let real = f64x2.splat(0.0);
      let imaginary = f64x2.splat(0.0);
      const terms = unchecked(this.terms[j]);
      for (let i = 1; i <= terms; i++) {
        const coefficient = v128.load64_splat(coefficients + (<usize>(j * width + i) << 3));
        const pr = f64x2.mul(coefficient, pairFrom(powers, size, 4 * i));
        const pi = f64x2.mul(coefficient, pairFrom(powers, size, 4 * i + 2));
        const ar = pairFrom(functions, size, 4 * (j - i));
        const ai = pairFrom(functions, size, 4 * (j - i) + 2);
        real = f64x2.add(real, f64x2.sub(f64x2.mul(pr, ar), f64x2.mul(pi, ai)));
        imaginary = f64x2.add(imaginary, f64x2.add(f64x2.mul(pr, ai), f64x2.mul(pi, ar)));
      }
      setPairFrom(functions, size, 4 * j, real);
      setPairFrom(functions, size, 4 * j + 2, imaginary);
    }
  }
}

/** The spectrum of real numbers at any frequency: it has the period of the bins, and the other half is conjugate. */
// @ts-ignore: decorator
@inline
function fold(begin: usize, length: i32, bins: i32, frequency: i32): v128 {
  const m = frequency & (bins - 1);
  const mirrored = m > bins >> 1;
  const value = pairFrom(begin, length, 2 * (mirrored ? bins - m : m));
  return v128.xor(value, mirrored ? f64x2(0.0, -0.0) : f64x2.splat(0.0));
}
