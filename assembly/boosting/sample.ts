import { advance, start, STREAM_BOOSTING, uniform } from "../shared/random";

/**
 * Writes 1 for `size` of the rows and 0 for the others, any set of them being as likely: algorithm S of Knuth, The Art
 * of Computer Programming, volume 2, 3.4.2.
 */
export function sampled(chosen: Int32Array, size: i32, seed: f64, sequence: i32): void {
  let state = start(seed, STREAM_BOOSTING, <u64>sequence);
  let missing = size;
  const n = chosen.length;
  for (let i = 0; i < n; i++) {
    state = advance(state);
    const isIn = <i32>(uniform(state) * <f64>(n - i) < <f64>missing);
    unchecked((chosen[i] = isIn));
    missing -= isIn;
  }
}
