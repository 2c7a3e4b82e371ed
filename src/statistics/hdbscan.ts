import { DriveshaftError } from "../errors.js";
import { part, type Progress } from "../job/progress.js";
import { hdbscanKernel, type HdbscanExports } from "../kernels/generated/hdbscan.js";
import { withKernel, type Kernel } from "../kernels/load.js";
import { plant } from "../kernels/points.js";
import type { Pointer } from "../kernels/pointer.js";
import { checkPoints, CHUNK } from "../weights/knn.js";
import { numberBySize } from "./number-by-size.js";

/** Which clusters of the hierarchy are taken, by their number in the kernel. */
export const selections = ["eom", "leaf"] as const;

export type Selection = (typeof selections)[number];

export interface Hdbscan {
  /** Cluster of each point, clusters numbered from the largest, -1 for noise, i32 of shape (n,). */
  clusters: Int32Array;
  /** How far each point is in its cluster, 0 to 1, f64 of shape (n,); 0 for noise. */
  probabilities: Float64Array;
  /** How far each point is out of what is densest near it, 0 to 1 (GLOSH), f64 of shape (n,). */
  outlierScores: Float64Array;
  /** Points by cluster. */
  sizes: Int32Array;
}

/**
 * Density-based clusters of points at any density: of the hierarchy of all clusters that there are at some distance,
 * those that last. Campello, Moulavi, Zimek and Sander (2015), doi:10.1145/2733381; McInnes and Healy (2017),
 * doi:10.1109/ICDMW.2017.12.
 * @param xs f64 of shape (n,), x or longitude in degrees; finite
 * @param ys f64 of shape (n,), y or latitude in degrees; finite
 * @param options.minClusterSize points of a cluster at least, 2 or more, default 5
 * @param options.minSamples the core distance of a point is that to the nearest so many, itself among them, default
 * minClusterSize; 1 for single linkage
 * @param options.selection eom, excess of mass: the most stable clusters; or leaf: those that hold no
 * others; default eom
 * @param options.greatCircle measure along the sphere instead of in the plane, default false
 * @throws INVALID_PARAMETER; K_TOO_LARGE where minSamples exceeds n, and minClusterSize does not
 */
export function hdbscan(
  xs: Float64Array,
  ys: Float64Array,
  options: {
    minClusterSize?: number;
    minSamples?: number | undefined;
    selection?: Selection;
    greatCircle?: boolean;
    progress?: Progress;
  } = {},
): Hdbscan {
  const { minClusterSize = 5, selection = "eom", greatCircle = false, progress } = options;
  const { minSamples = minClusterSize } = options;
  const n = xs.length;
  checkPoints(xs, ys);
  for (const [name, value, least] of [
    ["minClusterSize", minClusterSize, 2],
    ["minSamples", minSamples, 1],
  ] as const) {
    if (!Number.isInteger(value) || value < least)
      throw new DriveshaftError(
        "INVALID_PARAMETER",
        `${name} is ${value}, expected a whole number of at least ${least}`,
      );
  }
  if (n < minClusterSize) {
    const clusters = new Int32Array(n).fill(-1);
    const [probabilities, outlierScores] = [new Float64Array(n), new Float64Array(n)];
    return { clusters, probabilities, outlierScores, sizes: new Int32Array(0) };
  }
  if (minSamples > n) {
    throw new DriveshaftError("K_TOO_LARGE", `minSamples is ${minSamples}, but there are only ${n} points`, {
      hint: `Use at most ${n}.`,
    });
  }

  return withKernel(hdbscanKernel, (kernel) => {
    const { call } = kernel;
    const tree = plant(kernel, xs, ys, greatCircle);
    const [createSpanning, join, condense] = greatCircle
      ? [call.createSpanningSpace, call.joinSpace, call.condenseSpace]
      : [call.createSpanningPlane, call.joinPlane, call.condensePlane];
    const cores = minSamples > 1 ? coresOf(kernel, tree, n, minSamples, greatCircle, part(progress, 0, 0.4)) : 0;
    const spanning = createSpanning(tree, cores);
    for (let edges = 0; edges < n - 1; edges = join(spanning)) progress?.(0.4 + (0.5 * edges) / n);
    progress?.(0.9);
    const condensed = condense(spanning, minClusterSize);
    const [labels, probabilities, scores] = [kernel.int32(n), kernel.float64(n), kernel.float64(n)];
    const most = call.label(tree, condensed, selections.indexOf(selection), labels, probabilities, scores);
    const { clusters, sizes } = numberBySize(kernel.viewInt32(labels), most);
    return {
      clusters,
      probabilities: kernel.readFloat64(probabilities),
      outlierScores: kernel.readFloat64(scores),
      sizes,
    };
  });
}

function coresOf(
  kernel: Kernel<HdbscanExports>,
  tree: Pointer<"Tree">,
  n: number,
  minSamples: number,
  greatCircle: boolean,
  progress: Progress,
): ReturnType<HdbscanExports["createCoresPlane"]> {
  const { call } = kernel;
  const [create, search] = greatCircle
    ? [call.createCoresSpace, call.searchSpace]
    : [call.createCoresPlane, call.searchPlane];
  const cores = create(tree, minSamples - 1);
  for (let begin = 0; begin < n; begin += CHUNK) {
    progress(begin / n);
    search(cores, begin, Math.min(n, begin + CHUNK));
  }
  return cores;
}
