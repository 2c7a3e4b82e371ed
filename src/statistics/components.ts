import { regressionKernel } from "../kernels/generated/regression.js";
import { withKernel } from "../kernels/load.js";

/** The first principal components of columns of mean 0 and sd 1. */
export interface Components {
  /** How many there are, and their share of the variance. */
  count: number;
  explained: number;
  /** The columns as far as these components explain them, f64 of shape (n,) each. */
  columns: Float64Array[];
}

/** Variances that differ by less, relative to the largest, are the same but for rounding. */
const SAME = 1e-9;

/**
 * Projects columns on as many of their first principal components as explain a share of the variance. Distances in
 * these components are those of the projected columns.
 * @param columns of mean 0 and population sd 1, f64 of shape (n,) each
 */
export function firstComponents(columns: Float64Array[], share: number): Components {
  const d = columns.length;
  const { variances, axes } = axesOf(columns);
  const order = [...variances.keys()].sort((a, b) => variances[b]! - variances[a]! || a - b);
  const total = variances.reduce((sum, variance) => sum + variance, 0);
  const largest = variances[order[0]!]!;
  let count = 0;
  let explained = 0;
  for (const axis of order) {
    const variance = variances[axis]!;
    // of axes of the same variance none comes first, and one of none is nowhere
    const isSame = count > 0 && variances[order[count - 1]!]! - variance <= SAME * largest;
    if ((explained >= (share - SAME) * total && !isSame) || variance <= SAME * largest) break;
    explained += variance;
    count++;
  }
  const kept = order.slice(0, count).map((axis) => axes[axis]!);
  const projected = columns.map((_, a) => {
    const sum = new Float64Array(columns[0]!.length);
    for (let b = 0; b < d; b++) {
      const factor = kept.reduce((all, axis) => all + axis[a]! * axis[b]!, 0);
      const column = columns[b]!;
      for (let i = 0; i < sum.length; i++) sum[i]! += factor * column[i]!;
    }
    return sum;
  });
  return { count, explained: explained / total, columns: projected };
}

/** The principal axes, each of length 1, and the variances along them; where one is 0 its axis says nothing. */
function axesOf(columns: Float64Array[]): { variances: Float64Array; axes: Float64Array[] } {
  const d = columns.length;
  const n = columns[0]!.length;
  const correlations = new Float64Array(d * d);
  for (let a = 0; a < d; a++) {
    for (let b = 0; b <= a; b++) {
      const [one, other] = [columns[a]!, columns[b]!];
      let sum = 0;
      for (let i = 0; i < n; i++) sum += one[i]! * other[i]!;
      correlations[a * d + b] = correlations[b * d + a] = sum / n;
    }
  }
  // the columns of a symmetric matrix, turned until they are orthogonal, are its axes times the variances
  const turned = withKernel(regressionKernel, ({ call, float64, readFloat64 }) => {
    const matrix = float64(correlations);
    call.orthogonalise(matrix, d);
    return readFloat64(matrix);
  });
  const axes = columns.map((_, a) => turned.subarray(a * d, (a + 1) * d));
  const variances = Float64Array.from(axes, (axis) => Math.sqrt(axis.reduce((sum, value) => sum + value * value, 0)));
  return { variances, axes: axes.map((axis, a) => axis.map((value) => value / variances[a]!)) };
}
