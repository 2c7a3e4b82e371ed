/** Kernels: the weight of a row by its distance from a location. */
export const BISQUARE: i32 = 0;
export const GAUSSIAN: i32 = 1;
export const EXPONENTIAL: i32 = 2;

/** Whether a kernel is 0 from its bandwidth on. */
export function isCompact(kernel: i32): bool {
  return kernel == BISQUARE;
}

/** The root of the weight at a squared distance, in bandwidths: (1 - u^2)^2, exp(-u^2 / 2), exp(-u). */
// @ts-ignore: decorator
@inline
export function rootWeight(kernel: i32, square: f64): f64 {
  if (kernel == BISQUARE) return max(0.0, 1.0 - square);
  return Math.exp(kernel == GAUSSIAN ? -0.25 * square : -0.5 * Math.sqrt(square));
}
