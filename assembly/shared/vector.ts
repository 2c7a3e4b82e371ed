/** Pairs of numbers in an array. The compiler does not check v128 loads, so these do in the checked build. */

// @ts-ignore: decorator
@inline
export function pairAt(values: Float64Array, i: i32): v128 {
  assert(i >= 0 && i + 1 < values.length, "pair out of range");
  return v128.load(values.dataStart + (<usize>i << 3));
}

// @ts-ignore: decorator
@inline
export function setPair(values: Float64Array, i: i32, v: v128): void {
  assert(i >= 0 && i + 1 < values.length, "pair out of range");
  v128.store(values.dataStart + (<usize>i << 3), v);
}

// @ts-ignore: decorator
@inline
export function both(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

// @ts-ignore: decorator
@inline
export function bothCounts(v: v128): i32 {
  return <i32>(i64x2.extract_lane(v, 0) + i64x2.extract_lane(v, 1));
}

/** The pair at i of `length` numbers that begin at a pointer, which a loop reads once instead of at every use. */
// @ts-ignore: decorator
@inline
export function pairFrom(begin: usize, length: i32, i: i32): v128 {
  assert(i >= 0 && i + 1 < length, "pair out of range");
  return v128.load(begin + (<usize>i << 3));
}

// @ts-ignore: decorator
@inline
export function setPairFrom(begin: usize, length: i32, i: i32, v: v128): void {
  assert(i >= 0 && i + 1 < length, "pair out of range");
  v128.store(begin + (<usize>i << 3), v);
}

/** The sum of products of the numbers of an array from `begin` on with those of another from `at` on. */
export function sumOfProducts(one: Float64Array, begin: i32, other: Float64Array, at: i32, count: i32): f64 {
  const first = one.dataStart;
  const second = other.dataStart;
  const filled = one.length;
  const given = other.length;
  const even = count & ~3;
  let sums = f64x2.splat(0.0);
  let more = f64x2.splat(0.0);
  for (let q = 0; q < even; q += 4) {
    const a = f64x2.mul(pairFrom(first, filled, begin + q), pairFrom(second, given, at + q));
    const b = f64x2.mul(pairFrom(first, filled, begin + q + 2), pairFrom(second, given, at + q + 2));
    sums = f64x2.add(sums, a);
    more = f64x2.add(more, b);
  }
  let sum = both(f64x2.add(sums, more));
  for (let q = even; q < count; q++) sum += unchecked(one[begin + q]) * unchecked(other[at + q]);
  return sum;
}

/** Adds a factor times the numbers of an array from `begin` on to those of another from `at` on. */
export function addTimes(to: Float64Array, at: i32, factor: f64, from: Float64Array, begin: i32, count: i32): void {
  const target = to.dataStart;
  const source = from.dataStart;
  const filled = to.length;
  const given = from.length;
  const factors = f64x2.splat(factor);
  const even = count & ~1;
  for (let q = 0; q < even; q += 2) {
    const term = f64x2.mul(factors, pairFrom(source, given, begin + q));
    setPairFrom(target, filled, at + q, f64x2.add(pairFrom(target, filled, at + q), term));
  }
  if (even < count) unchecked((to[at + even] += factor * from[begin + even]));
}

export class Below {}
export class Above {}

/** How many of the numbers first .. first + size - 1, in any order, are below or above a value. */
// @ts-ignore: decorator
@inline
export function countSide<Side>(numbers: Float64Array, first: i32, size: i32, value: f64): i32 {
  const begin = numbers.dataStart;
  const filled = numbers.length;
  const values = f64x2.splat(value);
  const even = first + (size & ~1);
  let counts = i64x2.splat(0);
  for (let p = first; p < even; p += 2) {
    const pair = pairFrom(begin, filled, p);
    // a comparison that holds is -1
    counts = i64x2.sub(counts, idof<Side>() == idof<Below>() ? f64x2.lt(pair, values) : f64x2.gt(pair, values));
  }
  if ((size & 1) == 0) return bothCounts(counts);
  const last = unchecked(numbers[even]);
  return bothCounts(counts) + i32(idof<Side>() == idof<Below>() ? last < value : last > value);
}
