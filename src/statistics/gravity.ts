import { DriveshaftError } from "../errors.js";
import type { Progress } from "../job/progress.js";
import { gravityKernel } from "../kernels/generated/gravity.js";
import { withKernel } from "../kernels/load.js";
import { checkPoints } from "../weights/knn.js";
import { MAX_PAIRS } from "../weights/weights.js";

/** Pairs between two reports of progress, about. */
const CHUNK = 100_000;

/** Which targets attract each of n places. */
export interface Gravity {
  /** The pairs of place i are offsets[i] .. offsets[i + 1], in the order of the targets; i32 of shape (n + 1,). */
  offsets: Int32Array;
  targets: Int32Array;
  /** In units of the coordinates or metres, f64 of shape (pairs,). */
  distances: Float64Array;
  /** Of going there, those of a place having the sum 1; f64 of shape (pairs,). */
  probabilities: Float64Array;
}

/**
 * The gravity model of Huff (1964), doi:10.1177/002224296402800307: a place's probability of going to a target is the
 * target's attraction over a power of the distance, as a share of the sum of all within the radius. Distances count as
 * 1 at least.
 * @param xs f64 of shape (n,), x or longitude in degrees; finite
 * @param ys f64 of shape (n,), y or latitude in degrees; finite
 * @param targetXs f64 of shape (m,), likewise
 * @param targetYs f64 of shape (m,), likewise
 * @param attraction f64 of shape (m,), above 0
 * @param options.radius beyond which targets do not attract, default Infinity
 * @param options.exponent power of the distance, at least 0, default 1
 * @param options.greatCircle along geodesics of the ellipsoid WGS 84 in metres instead of in the plane, default false
 * @throws INVALID_PARAMETER, OUT_OF_MEMORY
 */
export function gravity(
  xs: Float64Array,
  ys: Float64Array,
  targetXs: Float64Array,
  targetYs: Float64Array,
  attraction: Float64Array,
  options: { radius?: number; exponent?: number; greatCircle?: boolean; progress?: Progress } = {},
): Gravity {
  const { radius = Infinity, exponent = 1, greatCircle = false, progress } = options;
  checkPoints(xs, ys);
  checkPoints(targetXs, targetYs, "target");
  checkAttraction(attraction, targetXs.length);
  if (!(radius >= 0)) throw new DriveshaftError("INVALID_PARAMETER", `radius is ${radius}, expected at least 0`);
  if (!(exponent >= 0 && exponent < Infinity)) {
    throw new DriveshaftError("INVALID_PARAMETER", `exponent is ${exponent}, expected a number of at least 0`);
  }
  const n = xs.length;
  const largest = attraction.reduce((most, one) => Math.max(most, one), 0);
  return withKernel(gravityKernel, (kernel) => {
    const { call, float64, int32 } = kernel;
    const field = call.createField(float64(xs), float64(ys), float64(targetXs), float64(targetYs), radius, greatCircle);
    const most = call.countPairs(field);
    if (most > MAX_PAIRS) {
      throw new DriveshaftError(
        "INVALID_PARAMETER",
        `${n} places with their targets are more than ${MAX_PAIRS} pairs`,
        {
          hint: "Use a smaller radius.",
        },
      );
    }
    const offsets = int32(n + 1);
    const [targets, distances, probabilities] = [int32(most), float64(most), float64(most)];
    const attractions = float64(attraction.map((one) => one / largest));
    const step = Math.max(1, Math.floor((CHUNK * n) / (most + 1)));
    for (let begin = 0; begin < n; begin += step) {
      progress?.(begin / n);
      const end = Math.min(n, begin + step);
      call.attract(field, attractions, exponent, begin, end, offsets, targets, distances, probabilities);
    }
    const found = kernel.readInt32(offsets);
    const pairs = found[n]!;
    return {
      offsets: found,
      targets: kernel.viewInt32(targets).slice(0, pairs),
      distances: kernel.viewFloat64(distances).slice(0, pairs),
      probabilities: kernel.viewFloat64(probabilities).slice(0, pairs),
    };
  });
}

function checkAttraction(attraction: Float64Array, m: number): void {
  if (attraction.length !== m) {
    const message = `attraction has ${attraction.length} elements, expected ${m}, one for each target`;
    throw new DriveshaftError("INVALID_PARAMETER", message);
  }
  const wrong = attraction.findIndex((one) => !(one > 0 && one < Infinity));
  if (wrong < 0) return;
  const message = `attraction[${wrong}] is ${attraction[wrong]}, expected a number above 0`;
  throw new DriveshaftError("INVALID_PARAMETER", message);
}
