import { EARTH_RADIUS } from "../geometry/earth.js";
import { gwrKernel, gwrThreads, type GwrExports } from "../kernels/generated/gwr.js";
import { withKernel, type Kernel } from "../kernels/load.js";
import { copyPoints, plant } from "../kernels/points.js";
import type { Float64Pointer } from "../kernels/pointer.js";
import { withThreads, type Arguments, type RunThreads } from "../kernels/threads.js";
import type { Progress } from "../job/progress.js";
import { families, type Family } from "./family.js";
import { unitOf } from "./least-squares.js";

/** Kernels, in the order of their numbers in assembly/gwr/kernel.ts. */
export const kernels = ["bisquare", "gaussian", "exponential"] as const;
export type KernelName = (typeof kernels)[number];

/** How a local regression came about, in the order of the numbers in assembly/gwr.ts. */
export const regressionOrigins = ["as asked", "wider bandwidth", "ridge", "none", "not converged"] as const;

/** What a location whose matrix is singular gets: a wider bandwidth, or a ridge. */
export const remedies = ["wider", "ridge"] as const;
export type Remedy = (typeof remedies)[number];

/** Places with the covariates there: of rows with a dependent variable, then of others. */
export interface Locations {
  xs: Float64Array;
  ys: Float64Array;
  covariates: Float64Array[];
}

export interface RegressionRules {
  family: Family;
  kernel: KernelName;
  /** The bandwidth is a distance, in units of the coordinates or metres; else a number of rows, the nearest. */
  fixed: boolean;
  singular: Remedy;
  greatCircle: boolean;
  threads: number;
}

/** Values by location. */
export interface Fitted {
  predicted: Float64Array;
  influence: Float64Array;
}

/** The rest of what is found at the locations. */
export interface Described {
  /** Of the intercept, then of each covariate. */
  coefficients: Float64Array[];
  /** The sums of squares of what rows count in each coefficient: its variance at a variance of 1. */
  variances: Float64Array[];
  /** The sum of squares of what rows count in the prediction. */
  hatSquares: Float64Array;
  /** How far the bandwidth reached: a distance. */
  bandwidths: Float64Array;
  conditionNumbers: Float64Array;
  localR2: Float64Array;
  /** The number of each in `regressionOrigins`. */
  origins: Int32Array;
}

/** Columns of the hat matrix, in parts of the variables, as back-fitting makes them. */
export interface HatColumns {
  /** Begins with columns from `first` on of the regression on all variables. */
  begin(first: number, bandwidth: number): void;
  /** Smooths on a variable what the parts of the others leave. */
  smooth(variable: number, bandwidth: number): void;
  /** The part of a variable, row by row; a view until the next call. */
  part(variable: number): Float64Array;
}

/** Regressions at locations, in the memory of a kernel. */
export interface LocalRegressions {
  /** Fits those at rows with a dependent variable: what a search for a bandwidth needs. */
  fit(bandwidth: number): Fitted;
  /** Fits all of them. */
  describe(bandwidth: number): Fitted & Described;
  /** The coefficients of the regression of all rows, each of which counts in full; undefined where it has none. */
  everywhere(): Float64Array | undefined;
  /** Smooths values of the rows on one variable, without an intercept; variable 0 is 1 everywhere. */
  smooth(variable: number, values: Float64Array, bandwidth: number): Fitted & { coefficients: Float64Array };
  /** Makes room for so many columns of the hat matrix. */
  hatColumns(width: number): HatColumns;
  /** How far a bandwidth of k rows reaches from each row with a dependent variable. */
  reaches(k: number): Float64Array;
}

/** Locations that a thread fits between two looks at its list. */
const CHUNK = 128;

/** Columns of the results, as assembly/gwr.ts has them. */
const [PREDICTED, INFLUENCE, HAT_SQUARES, BANDWIDTH, CONDITION, LOCAL_R2, COEFFICIENTS] = [0, 1, 2, 3, 4, 5, 6];

/**
 * Makes regressions ready at locations, the first of which have a dependent variable.
 * @param progress passes over locations, whose number nobody knows, each take a tenth of what is left
 */
export function withLocalRegressions<Result>(
  y: Float64Array,
  { xs, ys, covariates }: Locations,
  { family, kernel: kernelName, fixed, singular, greatCircle, threads }: RegressionRules,
  progress: Progress | undefined,
  job: (regressions: LocalRegressions) => Result,
): Result {
  const n = y.length;
  const count = xs.length;
  const k = covariates.length + 1;
  // counts, zeros and ones are what they are
  const unit = family === "gaussian" ? unitOf(y) : 1;
  const units = covariates.map(unitOf);

  function inKernel(kernel: Kernel<GwrExports>, run?: RunThreads): Result {
    const { call } = kernel;
    const tree = plant(kernel, xs.subarray(0, n), ys.subarray(0, n), greatCircle);
    const points = copyPoints(kernel, xs, ys, greatCircle);
    const coordinates = "space" in points ? points.space : ([...points.plane, points.plane[1]] as const);
    const columns = new Float64Array((k - 1) * count);
    covariates.forEach((values, c) =>
      columns.set(
        values.map((value) => value / units[c]!),
        c * count,
      ),
    );
    const found = kernel.float64((COEFFICIENTS + 2 * k) * count);
    const originsFound = kernel.int32(count);
    const plan = call.create(
      tree,
      ...coordinates,
      kernel.float64(columns),
      kernel.float64(y.map((value) => value / unit)),
      k - 1,
      families.indexOf(family),
      kernels.indexOf(kernelName),
      singular === "ridge",
      found,
      originsFound,
      threads,
    );
    const [fit, explain, reach] = greatCircle
      ? (["fitSpace", "explainSpace", "reachSpace"] as const)
      : (["fitPlane", "explainPlane", "reachPlane"] as const);
    const [smooth, share, smoothColumns] = greatCircle
      ? (["smoothSpace", "shareSpace", "smoothColumnsSpace"] as const)
      : (["smoothPlane", "sharePlane", "smoothColumnsPlane"] as const);

    let left = 1;
    let smoothed: Float64Pointer | undefined;
    /** Has a function do its work at the first locations, on all threads. */
    function pass(name: keyof GwrExports, locations: number, more: Arguments): void {
      const callsOf = (thread: number): Arguments[] => {
        const calls: Arguments[] = [];
        for (let begin = thread * CHUNK; begin < locations; begin += threads * CHUNK) {
          calls.push([plan, begin, Math.min(locations, begin + CHUNK), ...more]);
        }
        return calls;
      };
      const join = run?.(name, callsOf);
      const own = callsOf(0);
      own.forEach((args, i) => {
        progress?.(1 - left * (1 - (0.1 * i) / own.length));
        (call[name] as (...args: Arguments) => void)(...args, 0);
      });
      join?.();
      left *= 0.9;
    }
    const column = (number: number, locations: number): Float64Array =>
      kernel.viewFloat64(found).slice(number * count, number * count + locations);
    const scaled = (number: number, factor: number, locations = count): Float64Array =>
      column(number, locations).map((value) => value * factor);
    // the intercept has the unit of the dependent variable
    const factors = [1, ...units];
    const setBandwidth = (bandwidth: number, isDistance = fixed): void =>
      call.setBandwidth(plan, isDistance, isDistance && greatCircle ? bandwidth / EARTH_RADIUS : bandwidth);
    function fitAt(bandwidth: number, locations: number, whole: boolean, isDistance = fixed): Fitted {
      setBandwidth(bandwidth, isDistance);
      pass(fit, locations, [whole]);
      return { predicted: scaled(PREDICTED, unit, locations), influence: column(INFLUENCE, locations) };
    }
    const toDistance = greatCircle ? EARTH_RADIUS : 1;
    return job({
      fit: (bandwidth) => fitAt(bandwidth, n, false),
      describe(bandwidth) {
        const fitted = fitAt(bandwidth, count, true);
        pass(explain, count, []);
        return {
          ...fitted,
          coefficients: factors.map((factor, c) => scaled(COEFFICIENTS + c, unit / factor)),
          variances: factors.map((factor, c) => scaled(COEFFICIENTS + k + c, 1 / factor / factor)),
          hatSquares: column(HAT_SQUARES, count),
          bandwidths: scaled(BANDWIDTH, toDistance),
          conditionNumbers: column(CONDITION, count),
          localR2: column(LOCAL_R2, count),
          origins: kernel.readInt32(originsFound),
        };
      },
      everywhere() {
        fitAt(Infinity, 1, true, true);
        const isFound = regressionOrigins[kernel.viewInt32(originsFound)[0]!] === "as asked";
        return isFound
          ? Float64Array.from(factors, (factor, c) => scaled(COEFFICIENTS + c, unit / factor, 1)[0]!)
          : undefined;
      },
      smooth(variable, values, bandwidth) {
        setBandwidth(bandwidth);
        smoothed ??= kernel.float64(n);
        kernel.viewFloat64(smoothed).set(values);
        pass(smooth, n, [variable, smoothed]);
        return {
          predicted: column(PREDICTED, n),
          influence: column(INFLUENCE, n),
          coefficients: scaled(COEFFICIENTS + variable, 1 / factors[variable]!, n),
        };
      },
      hatColumns(width) {
        const [parts, rest] = [kernel.float64(k * n * width), kernel.float64(n * width)];
        const part = (variable: number): Float64Array =>
          kernel.viewFloat64(parts).subarray(variable * n * width, (variable + 1) * n * width);
        /** Adds a part to what the parts leave, or takes it off. */
        function leave(variable: number, sign: 1 | -1): void {
          const [from, to] = [part(variable), kernel.viewFloat64(rest)];
          for (let i = 0; i < to.length; i++) to[i]! += sign * from[i]!;
        }
        return {
          begin(first, bandwidth) {
            setBandwidth(bandwidth);
            pass(share, n, [parts, first, width]);
            const identity = kernel.viewFloat64(rest).fill(0);
            for (let w = 0; w < width && first + w < n; w++) identity[(first + w) * width + w] = 1;
            for (let variable = 0; variable < k; variable++) leave(variable, -1);
          },
          smooth(variable, bandwidth) {
            setBandwidth(bandwidth);
            leave(variable, 1);
            pass(smoothColumns, n, [variable, rest, parts, variable * n * width, width]);
            leave(variable, -1);
          },
          part,
        };
      },
      reaches(k) {
        pass(reach, n, [k]);
        return scaled(BANDWIDTH, toDistance, n);
      },
    });
  }
  return threads > 1 ? withThreads(gwrThreads, threads, inKernel) : withKernel(gwrKernel, inKernel);
}
