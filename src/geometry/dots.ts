import { DriveshaftError } from "../errors.js";
import type { Progress } from "../job/progress.js";
import { dotsKernel } from "../kernels/generated/dots.js";
import { withKernel } from "../kernels/load.js";
import { POINT, POLYGON, type Geometry } from "./geometry.js";
import { ringsOfFeatures } from "./take-features.js";

/** Dots at most. */
const MOST_DOTS = 50_000_000;

/** Polygons between two reports of progress. */
const CHUNK = 1000;

/** What became of a polygon in the kernel, where there are no dots in it. */
const FLAT = 1;
const CROSSING = 2;

export interface Dots {
  /** The polygon that each dot is in, ascending; i32 of shape (dots,). */
  polygons: Int32Array;
  /** Its number there, from 1; i32 of shape (dots,). */
  numbers: Int32Array;
  points: Geometry;
  /** How many polygons should have dots but have no area. */
  flat: number;
}

export interface DotOptions {
  per?: number;
  seed?: number;
  column?: string;
  greatCircle?: boolean;
  nameOf?: (polygon: number) => string;
  progress?: Progress;
}

/**
 * Random points in polygons, uniform over their area, as many as a number of each says. A dot keeps its place when its
 * polygon gets more of them.
 * @param geometry n polygons, with holes and of several parts
 * @param values f64 of shape (n,), at least 0
 * @param options.per what a dot stands for, above 0, default 1; what is left after whole dots is the chance of one more
 * @param options.seed default 12345
 * @param options.column name of the values, default none: those of another name have their dots elsewhere
 * @param options.greatCircle coordinates are degrees, and areas those on the sphere; default false
 * @param options.nameOf what messages call a polygon
 * @throws INVALID_PARAMETER, OUT_OF_MEMORY
 * @throws INVALID_GEOMETRY where something is no polygon, or one crosses itself
 */
export function dotDensity(geometry: Geometry, values: Float64Array, options: DotOptions = {}): Dots {
  const { per = 1, seed = 12345, column = "", greatCircle = false, progress } = options;
  const { nameOf = (polygon) => `polygon ${polygon}` } = options;
  check(geometry, values, per, nameOf);
  const n = values.length;
  const firstRings = ringsOfFeatures(geometry);
  const { xs, ys, ringOffsets, featureOffsets } = geometry;
  return withKernel(dotsKernel, (kernel) => {
    const { call, float64, int32 } = kernel;
    const [hash, counted] = [hashOf(column), int32(n)];
    call.countDots(float64(values), per, seed, hash, counted);
    const counts = kernel.readInt32(counted);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const [dotXs, dotYs] = [float64(total), float64(total)];
    const plan = call.createScatter(
      float64(xs),
      float64(ys),
      int32(ringOffsets),
      int32(firstRings),
      largest(counts.map((_, i) => featureOffsets[i + 1]! - featureOffsets[i]!)),
      largest(counts),
    );
    const [polygons, numbers] = [new Int32Array(total), new Int32Array(total)];
    let [dots, flat] = [0, 0];
    for (let i = 0; i < n; i++) {
      const count = counts[i]!;
      if (i % CHUNK === 0) progress?.(i / n);
      if (count === 0) continue;
      const found = call.scatter(plan, i, count, seed, hash, greatCircle, dots, dotXs, dotYs);
      if (found === CROSSING) throw crossing(nameOf(i));
      if (found === FLAT) {
        flat++;
        continue;
      }
      polygons.fill(i, dots, dots + count);
      for (let dot = 1; dot <= count; dot++) numbers[dots++] = dot;
    }
    const points = pointsAt(kernel.viewFloat64(dotXs).slice(0, dots), kernel.viewFloat64(dotYs).slice(0, dots));
    return { polygons: polygons.slice(0, dots), numbers: numbers.slice(0, dots), points, flat };
  });
}

const largest = (values: Int32Array): number => values.reduce((most, value) => Math.max(most, value), 0);

const pointsAt = (xs: Float64Array, ys: Float64Array): Geometry => ({
  xs,
  ys,
  ringOffsets: Int32Array.from({ length: xs.length + 1 }, (_, i) => i),
  holes: new Uint8Array(xs.length),
  featureOffsets: Int32Array.from({ length: xs.length + 1 }, (_, i) => i),
  kinds: new Uint8Array(xs.length).fill(POINT),
});

/** A name as a number of 32 bits: Fowler, Noll and Vo's hash. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash;
}

function check({ kinds }: Geometry, values: Float64Array, per: number, nameOf: (polygon: number) => string): void {
  if (values.length !== kinds.length) {
    const message = `there are ${values.length} values and ${kinds.length} polygons, expected as many`;
    throw new DriveshaftError("INVALID_PARAMETER", message);
  }
  if (!(per > 0 && per < Infinity)) {
    throw new DriveshaftError("INVALID_PARAMETER", `per is ${per}, expected a number above 0`);
  }
  const other = kinds.findIndex((kind) => kind !== POLYGON);
  if (other >= 0) throw new DriveshaftError("INVALID_GEOMETRY", `${nameOf(other)} is no polygon`);
  const wrong = values.findIndex((value) => !(value >= 0 && value < Infinity));
  if (wrong >= 0) {
    const message = `the value of ${nameOf(wrong)} is ${values[wrong]}, expected a number of at least 0`;
    throw new DriveshaftError("INVALID_PARAMETER", message, { hint: "Leave it out of the query." });
  }
  const dots = values.reduce((sum, value) => sum + value / per, 0);
  if (dots <= MOST_DOTS) return;
  const message = `there would be about ${Math.round(dots)} dots, more than ${MOST_DOTS}`;
  throw new DriveshaftError("INVALID_PARAMETER", message, { hint: "Let a dot stand for more, by a larger per." });
}

const crossing = (name: string): DriveshaftError =>
  new DriveshaftError("INVALID_GEOMETRY", `the outline of ${name} crosses itself`, {
    hint: "Use ST_MakeValid(geom) in the query, or leave the row out.",
  });
