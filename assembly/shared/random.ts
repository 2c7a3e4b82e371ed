/**
 * Counter-based random numbers: the sequence is a pure function of (seed, stream, index), so any thread or shard can
 * produce any part of it. A hash of the three picks the start of a SplitMix64 sequence.
 * Steele, Lea, Flood (2014), Fast splittable pseudorandom number generators, doi:10.1145/2660193.2660195;
 * finaliser: variant 13 of Stafford's mixers.
 */

const GOLDEN: u64 = 0x9e3779b97f4a7c15;

/** Streams in use. Two purposes never share one, so that their numbers are independent under one seed. */
export const STREAM_CONDITIONAL: u64 = 1;
export const STREAM_GLOBAL: u64 = 2;
export const STREAM_SEEDING: u64 = 3;
export const STREAM_INDEPENDENT: u64 = 4;
export const STREAM_STRATA: u64 = 5;
export const STREAM_BOOSTING: u64 = 6;
export const STREAM_DOTS: u64 = 7;

// @ts-ignore: decorator
@inline
export function mix(x: u64): u64 {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/** The state before the first number of sequence `index` of `stream`. */
// @ts-ignore: decorator
@inline
export function start(seed: f64, stream: u64, index: u64): u64 {
  return mix(mix(mix(<u64>seed + GOLDEN) + stream * GOLDEN) + index * GOLDEN);
}

// @ts-ignore: decorator
@inline
export function advance(state: u64): u64 {
  return state + GOLDEN;
}

/** A number in [0, 1) with 53 random bits. */
// @ts-ignore: decorator
@inline
export function uniform(state: u64): f64 {
  return <f64>(mix(state) >> 11) * (1.0 / 9007199254740992.0);
}

/**
 * An integer in [0, bound), without bias. Lemire (2019), doi:10.1145/3230636. The rare rejection draws from a side
 * sequence of the same state, so that the caller's state advances by exactly one step a draw.
 */
// @ts-ignore: decorator
@inline
export function below(state: u64, bound: u32): u32 {
  let product = (mix(state) >> 32) * <u64>bound;
  if (<u32>product < bound) product = retry(state, bound, product);
  return <u32>(product >> 32);
}

/** The same of the upper 32 of given random bits; the rare rejection draws from a sequence that the bits begin. */
// @ts-ignore: decorator
@inline
export function belowHigh(bits: u64, bound: u32): u32 {
  let product = (bits >> 32) * <u64>bound;
  if (<u32>product < bound) product = retry(bits, bound, product);
  return <u32>(product >> 32);
}

function retry(state: u64, bound: u32, product: u64): u64 {
  const threshold: u32 = (0 - bound) % bound;
  while (<u32>product < threshold) {
    state = mix(state ^ GOLDEN);
    product = (mix(state) >> 32) * <u64>bound;
  }
  return product;
}
