import { DriveshaftError } from "../errors.js";
import { part, type Progress } from "../job/progress.js";
import type { KmeansExports } from "../kernels/generated/kmeans.js";
import type { Kernel } from "../kernels/load.js";
import type { Float64Pointer, Pointer } from "../kernels/pointer.js";
import { chooseK, type Criterion, type Score } from "./choose-k.js";
import { numberBySize } from "./number-by-size.js";
import { checkPointWeights } from "./point-weights.js";

/** How clusters are looked for, whatever points are made of. */
export interface LloydOptions {
  /** Number of clusters, or the least and the most of those that are tried. */
  k: number | readonly [least: number, most: number];
  /** What chooses among several, default silhouette. */
  criterion?: Criterion;
  /** f64 of shape (n,), finite, at least 0 and not all 0; default 1 each. */
  weights?: Float64Array | undefined;
  /** Number of starts, default 10. */
  nInit?: number;
  /** Default 300. */
  maxIterations?: number;
  /** Default 12345. */
  seed?: number;
  /** Starting centers of one k instead of seeds, one after the other, in the space that is clustered. */
  centers?: Float64Array;
  /** Whether silhouettes are wanted, which take an iteration's time without any bounds; default false. */
  silhouettes?: boolean;
  progress?: Progress;
}

/** What Lloyd's iteration came to. */
export interface Convergence {
  k: number;
  /** Sum of squared distances to the centers, times the weights. */
  inertia: number;
  /** Iterations of the best start, and whether it had converged by then. */
  iterations: number;
  converged: boolean;
}

/** Up to so many dimensions few boxes lie between centers, and are filtered; above, bounds of each point do more. */
const FEW_DIMENSIONS = 4;

/** Squares of larger coordinates leave the range of f64. */
const LARGEST = 1e150;

/** What was found of each point and of each center. */
export interface Clusters extends Convergence {
  /** Cluster of each point, 0 to k - 1, clusters numbered from the largest, i32 of shape (n,). */
  clusters: Int32Array;
  /** Distance of each point to its center, f64 of shape (n,). */
  distances: Float64Array;
  /** If wanted: silhouettes by squared distances, NaN where there is one cluster, f64 of shape (n,). */
  silhouettes?: Float64Array;
  /** Coordinates of the centers, by dimension, f64 of shape (k,) each. */
  centers: Float64Array[];
  /** By each k that was tried, what tells for it; none where one was asked for. */
  scores: Score[];
}

/**
 * Clusters of points, whose coordinates are in columns, each of shape (n,).
 * @param spherical they are unit vectors
 * @param options that were checked
 * @throws K_TOO_LARGE where fewer than k points are distinct; INVALID_PARAMETER
 */
export function lloyd(
  kernel: Kernel<KmeansExports>,
  columns: Float64Array[],
  spherical: boolean,
  options: LloydOptions,
): Clusters {
  checkRange(columns);
  const [least, most] = typeof options.k === "number" ? [options.k, options.k] : options.k;
  const starts = Array.from({ length: options.centers ? 1 : (options.nInit ?? 10) }, (_, start) => start);
  const { plan, best } = restarts(kernel, columns, spherical, most, options);
  const silhouettes = kernel.float64(least < most || options.silhouettes ? columns[0]!.length : 0);
  const tried: (Found & Score)[] = [];
  for (let k = least; k <= most && least < most; k++) {
    const [from, to] = [(k - least) / (most + 1 - least), (k + 1 - least) / (most + 1 - least)];
    const found = best(k, starts, part(options.progress, from, to));
    tried.push({ ...found, silhouette: k === 1 ? NaN : kernel.call.silhouettes(plan, silhouettes) });
  }
  const chosen = tried.length > 0 ? chooseK(tried, options.criterion ?? "silhouette") : undefined;
  const found = chosen ? best(chosen.k, [chosen.start]) : best(most, starts, options.progress);
  const { k, inertia, iterations, converged } = found;
  const scores = tried.map(({ k, inertia, silhouette }) => ({ k, inertia, silhouette }));
  return {
    k,
    inertia,
    iterations,
    converged,
    scores,
    ...read(kernel, plan, k, columns, options.silhouettes ? silhouettes : undefined),
  };
}

/** The best clusters of some starts. */
interface Found extends Convergence {
  start: number;
}

interface Restarts {
  plan: Pointer<"Clustering">;
  /** Finds the best of some starts, and leaves it in the plan. */
  best(k: number, starts: number[], progress?: Progress): Found;
}

/** Plans to look for clusters, `most` of them at most. */
function restarts(
  kernel: Kernel<KmeansExports>,
  columns: Float64Array[],
  spherical: boolean,
  most: number,
  options: LloydOptions,
): Restarts {
  const { call } = kernel;
  const { maxIterations = 300, centers } = options;
  const plan = call.create(...copyPoints(kernel, columns, options.weights), most, spherical);
  const begin = centers ? given(kernel, plan, centers, most) : seeding(kernel, plan, options);
  const { assign, end } = columns.length <= FEW_DIMENSIONS ? filtering(kernel, plan) : bounding(kernel, plan);

  function from(k: number, start: number, progress: Progress): Found {
    begin(k, start);
    let iterations = 0;
    let changes = Infinity;
    while (iterations < maxIterations && changes > 0) {
      progress(iterations / maxIterations);
      changes = assign(iterations === 0);
      call.moveCenters(plan);
      iterations++;
    }
    end();
    return { k, start, inertia: call.settle(plan), iterations, converged: changes === 0 };
  }

  function best(k: number, starts: number[], progress?: Progress): Found {
    call.lookFor(plan, k);
    let least: Found | undefined;
    for (const [place, start] of starts.entries()) {
      const found = from(k, start, part(progress, place / starts.length, (place + 1) / starts.length));
      if (least && found.inertia >= least.inertia) continue;
      least = found;
      if (starts.length > 1) call.keep(plan);
    }
    if (starts.length > 1) call.takeBack(plan);
    return least!;
  }

  return { plan, best };
}

/** Puts the centers where a start has them. */
type Begin = (k: number, start: number) => void;

function seeding({ call }: Kernel<KmeansExports>, plan: Pointer<"Clustering">, options: LloydOptions): Begin {
  const { seed = 12345, weights } = options;
  const seeds = call.createSeeds(plan);
  return (k, start) => {
    const distinct = call.chooseSeeds(seeds, seed, start);
    if (distinct === k) return;
    const which = weights ? "points with a weight" : "points";
    throw new DriveshaftError("K_TOO_LARGE", `k is ${k}, but only ${distinct} ${which} are distinct`, {
      hint: `Use a k of at most ${distinct}.`,
    });
  };
}

function given(kernel: Kernel<KmeansExports>, plan: Pointer<"Clustering">, centers: Float64Array, k: number): Begin {
  const dimensions = centers.length / k;
  const width = widthOf(dimensions);
  return () => {
    const view = kernel.viewFloat64(kernel.call.centersOf(plan));
    centers.forEach((value, q) => (view[Math.floor(q / dimensions) * width + (q % dimensions)] = value));
  };
}

interface Assigner {
  /** Gives every point its nearest center, and returns how many had another. @param fresh none has one yet */
  assign(fresh: boolean): number;
  /** After the last iteration. */
  end(): void;
}

function filtering({ call }: Kernel<KmeansExports>, plan: Pointer<"Clustering">): Assigner {
  const filter = call.createFilter(plan);
  return { assign: (fresh) => call.assignFiltered(filter, fresh), end: () => call.endFiltered(filter) };
}

function bounding({ call }: Kernel<KmeansExports>, plan: Pointer<"Clustering">): Assigner {
  const bounds = call.createBounds(plan);
  return { assign: (fresh) => call.assignBounded(bounds, fresh), end: () => {} };
}

/** Numbers that a point of so many dimensions has in the kernel: an even number of them. */
const widthOf = (dimensions: number): number => 2 * Math.ceil(dimensions / 2);

/** Copies points, one after the other, and their weights into a kernel. */
function copyPoints(
  kernel: Kernel<KmeansExports>,
  columns: Float64Array[],
  weights: Float64Array | undefined,
): [points: Float64Pointer, weights: Float64Pointer, width: number] {
  const n = columns[0]!.length;
  const width = widthOf(columns.length);
  const points = kernel.float64(n * width);
  const view = kernel.viewFloat64(points);
  columns.forEach((column, a) => {
    for (let i = 0, at = a; i < n; i++, at += width) view[at] = column[i]!;
  });
  return [points, kernel.float64(weights ?? 0), width];
}

/** @throws K_TOO_LARGE, INVALID_PARAMETER */
export function checkOptions(n: number, dimensions: number, options: LloydOptions): void {
  const { k, nInit = 10, maxIterations = 300, weights, centers } = options;
  const [least, most] = typeof k === "number" ? [k, k] : k;
  for (const [name, value] of Object.entries({ k: least, "the last k": most, nInit, maxIterations })) {
    if (!Number.isInteger(value) || value < 1)
      throw new DriveshaftError("INVALID_PARAMETER", `${name} is ${value}, expected a whole number of at least 1`);
  }
  if (most < least) {
    throw new DriveshaftError("INVALID_PARAMETER", `k is from ${least} to ${most}, expected the least first`);
  }
  if (most >= n) {
    throw new DriveshaftError("K_TOO_LARGE", `k is ${most}, but there are only ${n} points`, {
      hint: `Use a k below ${n}.`,
    });
  }
  if (centers && (least < most || centers.length !== most * dimensions)) {
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      `centers has ${centers.length} elements, expected ${dimensions} for each cluster of one k`,
    );
  }
  if (weights) checkPointWeights(weights, n);
}

/** @throws INVALID_PARAMETER */
function checkRange(columns: Float64Array[]): void {
  if (columns.every((column) => column.every((value) => Math.abs(value) <= LARGEST))) return;
  throw new DriveshaftError("INVALID_PARAMETER", `a coordinate is above ${LARGEST}`, {
    hint: "Scale the values: their squares leave the range of double precision.",
  });
}

/** Reads the clusters out of the kernel, numbered from the largest. */
function read(
  kernel: Kernel<KmeansExports>,
  plan: Pointer<"Clustering">,
  k: number,
  columns: Float64Array[],
  silhouettes: Float64Pointer | undefined,
): Pick<Clusters, "clusters" | "distances" | "silhouettes" | "centers"> {
  const { call } = kernel;
  const n = columns[0]!.length;
  const [clusters, distances] = [kernel.int32(n), kernel.float64(n)];
  call.readPoints(plan, clusters, distances);
  if (silhouettes && k === 1) kernel.viewFloat64(silhouettes).fill(NaN);
  else if (silhouettes) call.silhouettes(plan, silhouettes);
  const numbered = numberBySize(kernel.readInt32(clusters), k);
  // centers that lost all their points come last
  const order = [...new Set([...numbered.labels, ...Array(k).keys()])];
  const width = widthOf(columns.length);
  const centers = kernel.viewFloat64(call.centersOf(plan));
  return {
    clusters: numbered.clusters,
    distances: kernel.readFloat64(distances),
    ...(silhouettes && { silhouettes: kernel.readFloat64(silhouettes) }),
    centers: columns.map((_, a) => Float64Array.from(order, (cluster) => centers[cluster * width + a]!)),
  };
}
