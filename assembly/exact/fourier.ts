/**
 * Fourier transforms of real numbers, a power of two of them: X(m) = sum_t x_t exp(-2 pi i m t / size). Pairs of
 * numbers are taken as one complex number, transformed by Stockham's method, radix 4, and taken apart: Van Loan (1992),
 * doi:10.1137/1.9781611970999. A complex number is one vector, real part first.
 */
import { pairFrom, setPairFrom } from "../shared/vector";

/** Roots of unity of order `size`, in the first quadrant: (cos, -sin) of 2 pi m / size, m = 0 .. size / 4. */
@final
export class Roots {
  size: i32;
  pairs: Float64Array;

  constructor(size: i32) {
    const quarter = size >> 2;
    const pairs = new Float64Array(2 * (quarter + 1));
    const begin = pairs.dataStart;
    const length = pairs.length;
    this.size = size;
    this.pairs = pairs;
    // a root is the product of two that are both few
    const block = 1 << ((32 - clz(quarter)) >> 1);
    for (let m = 0; m < min(block, quarter + 1); m++) setPairFrom(begin, length, 2 * m, root(m, size));
    for (let first = block; first <= quarter; first += block) {
      const turn = root(first, size);
      for (let m = first; m < min(first + block, quarter + 1); m++) {
        setPairFrom(begin, length, 2 * m, times(pairFrom(begin, length, 2 * (m - first)), turn));
      }
    }
  }
}

function root(m: i32, size: i32): v128 {
  const angle = (2.0 * Math.PI * <f64>m) / <f64>size;
  return f64x2(Math.cos(angle), -Math.sin(angle));
}

/** The product of two complex numbers. */
// @ts-ignore: decorator
@inline
export function times(a: v128, b: v128): v128 {
  const real = v128.shuffle<f64>(a, a, 0, 0);
  const imaginary = v128.shuffle<f64>(a, a, 1, 1);
  return f64x2.add(f64x2.mul(real, b), f64x2.mul(imaginary, turned(b)));
}

/** i times a complex number. */
// @ts-ignore: decorator
@inline
function turned(a: v128): v128 {
  return v128.xor(v128.shuffle<f64>(a, a, 1, 0), f64x2(-0.0, 0.0));
}

/** The complex conjugate. */
// @ts-ignore: decorator
@inline
export function conjugate(a: v128): v128 {
  return v128.xor(a, f64x2(0.0, -0.0));
}

/**
 * Transforms `count` complex numbers, count a power of two, in place.
 * @param scratch as long as values
 */
function transformComplex(values: Float64Array, scratch: Float64Array, count: i32, roots: Roots): void {
  const twiddles = roots.pairs.dataStart;
  const twiddlesLength = roots.pairs.length;
  const length = 2 * count;
  let from = values.dataStart;
  let to = scratch.dataStart;
  let stride = 1;
  let left = count;
  for (; left >= 4; left >>= 2, stride <<= 2) {
    const quarter = left >> 2;
    const step = roots.size / left;
    for (let p = 0; p < quarter; p++) {
      const one = pairFrom(twiddles, twiddlesLength, 2 * p * step);
      const two = times(one, one);
      const three = times(one, two);
      for (let q = 0; q < stride; q++) {
        const at = 2 * (q + stride * p);
        const across = 2 * stride * quarter;
        const a = pairFrom(from, length, at);
        const b = pairFrom(from, length, at + across);
        const c = pairFrom(from, length, at + 2 * across);
        const d = pairFrom(from, length, at + 3 * across);
        const sum = f64x2.add(a, c);
        const difference = f64x2.sub(a, c);
        const others = f64x2.add(b, d);
        const rotated = turned(f64x2.sub(b, d));
        const into = 2 * (q + 4 * stride * p);
        setPairFrom(to, length, into, f64x2.add(sum, others));
        setPairFrom(to, length, into + 2 * stride, times(one, f64x2.sub(difference, rotated)));
        setPairFrom(to, length, into + 4 * stride, times(two, f64x2.sub(sum, others)));
        setPairFrom(to, length, into + 6 * stride, times(three, f64x2.add(difference, rotated)));
      }
    }
    const swap = from;
    from = to;
    to = swap;
  }
  if (left == 2) {
    for (let q = 0; q < stride; q++) {
      const a = pairFrom(from, length, 2 * q);
      const b = pairFrom(from, length, 2 * (q + stride));
      setPairFrom(to, length, 2 * q, f64x2.add(a, b));
      setPairFrom(to, length, 2 * (q + stride), f64x2.sub(a, b));
    }
    from = to;
  }
  if (from != values.dataStart) memory.copy(values.dataStart, from, <usize>length << 3);
}

/**
 * Transforms `size` real numbers in place: what comes are X(0) .. X(size / 2), complex.
 * @param values with room for size + 2 numbers; scratch likewise
 */
export function transform(values: Float64Array, scratch: Float64Array, size: i32, roots: Roots): void {
  const half = size >> 1;
  transformComplex(values, scratch, half, roots);
  const begin = values.dataStart;
  const length = values.length;
  const first = pairFrom(begin, length, 0);
  const sum = f64x2.extract_lane(first, 0) + f64x2.extract_lane(first, 1);
  const difference = f64x2.extract_lane(first, 0) - f64x2.extract_lane(first, 1);
  setPairFrom(begin, length, 0, f64x2(sum, 0.0));
  setPairFrom(begin, length, size, f64x2(difference, 0.0));
  takeApart(values, size, roots, false);
}

/**
 * Undoes `transform`, times size / 2: of X(0) .. X(size / 2), of which the first and the last are real, come the real
 * numbers.
 */
export function restore(values: Float64Array, scratch: Float64Array, size: i32, roots: Roots): void {
  const begin = values.dataStart;
  const length = values.length;
  const first = unchecked(values[0]);
  const last = unchecked(values[size]);
  setPairFrom(begin, length, 0, f64x2(0.5 * (first + last), -0.5 * (first - last)));
  takeApart(values, size, roots, true);
  transformComplex(values, scratch, size >> 1, roots);
  // the transform of the conjugates has the conjugates of what is wanted
  for (let t = 1; t < size; t += 2) unchecked((values[t] = -values[t]));
}

/**
 * Between the transform Z of x_2t + i x_2t+1 and X: E = (Z(m) + conj Z(h - m)) / 2 is the transform of the even ones
 * and O = (Z(m) - conj Z(h - m)) / 2i of the odd ones, X(m) = E + w^m O. Back, conj Z is formed.
 */
function takeApart(values: Float64Array, size: i32, roots: Roots, back: bool): void {
  const half = size >> 1;
  const begin = values.dataStart;
  const length = values.length;
  const twiddles = roots.pairs.dataStart;
  const twiddlesLength = roots.pairs.length;
  const step = roots.size / size;
  const halves = f64x2.splat(0.5);
  for (let m = 1; m <= half >> 1; m++) {
    const a = pairFrom(begin, length, 2 * m);
    const b = conjugate(pairFrom(begin, length, 2 * (half - m)));
    const twiddle = pairFrom(twiddles, twiddlesLength, 2 * m * step);
    const even = f64x2.mul(halves, f64x2.add(a, b));
    const odd = turned(f64x2.mul(halves, f64x2.sub(a, b)));
    if (back) {
      const turn = times(conjugate(twiddle), odd);
      setPairFrom(begin, length, 2 * m, conjugate(f64x2.add(even, turn)));
      setPairFrom(begin, length, 2 * (half - m), f64x2.sub(even, turn));
    } else {
      const turn = times(twiddle, odd);
      setPairFrom(begin, length, 2 * m, f64x2.sub(even, turn));
      setPairFrom(begin, length, 2 * (half - m), conjugate(f64x2.add(even, turn)));
    }
  }
}
