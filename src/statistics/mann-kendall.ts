import { autocorrelationKernel } from "../kernels/generated/autocorrelation.js";
import { cubeKernel } from "../kernels/generated/cube.js";
import { withKernel } from "../kernels/load.js";
import { normalP } from "./permute-global.js";

/** Mann and Kendall's test of a trend. */
export interface Trend {
  /** Pairs of values of which the later is higher, less those of which it is lower. */
  s: number;
  /** Its z-score, with a correction for continuity; 0 where all values are equal. */
  z: number;
  /** Two-sided, by the normal distribution. */
  p: number;
}

/** The tests of several series; f64 of shape (series,). */
export interface Trends {
  s: Float64Array;
  z: Float64Array;
  p: Float64Array;
}

/**
 * The Mann-Kendall test of a series, with its variance under ties. Mann (1945), doi:10.2307/1907187; Kendall (1975),
 * Rank correlation methods.
 * @param series f64 of shape (n,), in order of time; NaN are left out
 * @example mannKendall(Float64Array.of(1, 2, 3, 5, 4)).s // 8
 */
export function mannKendall(series: Float64Array): Trend {
  const found = withKernel(cubeKernel, ({ call, float64, readFloat64 }) => {
    const [s, variance] = [float64(1), float64(1)];
    call.trends(float64(series), float64(1), s, variance);
    return [readFloat64(s), readFloat64(variance)] as const;
  });
  const { s, z, p } = testsOf(...found);
  return { s: s[0]!, z: z[0]!, p: p[0]! };
}

/** The tests of S with these variances. */
export function testsOf(s: Float64Array, variance: Float64Array): Trends {
  const z = s.map((each, i) => (each === 0 ? 0 : (each - Math.sign(each)) / Math.sqrt(variance[i]!)));
  return { s, z, p: withKernel(autocorrelationKernel, (kernel) => z.map(normalP(kernel))) };
}
