import type { Input, Report } from "../analyses/analysis.js";
import type { BuildableWeights, WeightsParameter } from "../analyses/parameters.js";
import { DriveshaftError } from "../errors.js";
import { centroids } from "../geometry/centroids.js";
import { POINT, POLYGON, type Geometry } from "../geometry/geometry.js";
import { sphericalCentroids } from "../geometry/spherical-centroids.js";
import { block } from "./block.js";
import { isComplete } from "./complete.js";
import { queen, rook } from "./contiguity.js";
import { distanceBand } from "./distance-band.js";
import { kernelWeights } from "./kernel.js";
import { defaultNeighbors, knn, NEIGHBORS } from "./knn.js";
import { higherOrder } from "./order.js";
import { gabriel, relativeNeighbors } from "./proximity.js";
import { withDiagonal } from "./self.js";
import { difference, intersection, symmetric, union } from "./sets.js";
import { delaunay } from "./triangulation.js";
import { transform, type Transform } from "./transform.js";
import { islands, pairs, type Weights } from "./weights.js";

export interface BuiltWeights {
  weights: Weights;
  summary: Record<string, unknown>;
  warnings: string[];
}

/**
 * The weights that the parameter asks for, or the default for the kind of geometry, in a standardisation.
 * @param self whether locations are to count among their own neighbors, where the weights do not say so already
 */
export function buildWeights(
  parameter: WeightsParameter,
  input: Input,
  report: Report,
  to: Transform,
  self = false,
): BuiltWeights {
  report("weights", 0);
  const { chosen, built, warnings } = choose(parameter, input, report);
  const weights = transform(self ? withDiagonal(built) : built, to);
  const alone = islands(weights);
  if (alone > 0) warnings.push(`${alone} of ${weights.n} locations have no neighbor and are isolated`);
  if (isComplete(weights)) {
    warnings.push(
      "every location has all others for neighbors, weighing the same: the weights say nothing of who is near whom, and z is null where no permutation can differ",
    );
  }
  return { weights, summary: { ...chosen, transform: to, pairs: pairs(weights), islands: alone }, warnings };
}

/** What is built, with its defaults: queen for polygons, the nearest eight for points. */
function choose(
  parameter: WeightsParameter,
  input: Input,
  report: Report,
): { chosen: object; built: Weights; warnings: string[] } {
  if (parameter?.type === "query") return { chosen: parameter, built: input.given!, warnings: [] };
  if (!parameter && input.given) return { chosen: { type: "file" }, built: input.given, warnings: [] };
  const asked =
    parameter ??
    (input.geometry.kinds.includes(POLYGON)
      ? { type: "queen" as const, order: 1, include_lower: false, snap: 0 }
      : { type: "knn" as const, symmetric: false, great_circle: false });
  const warnings = new Set<string>();
  if ("of" in asked) {
    const of = asked.of.map((each) => withNeighbors(each, input.n, warnings));
    const chosen = { ...asked, of };
    return { chosen, built: combine(chosen, input, report), warnings: [...warnings] };
  }
  const chosen = withNeighbors(asked, input.n, warnings);
  return { chosen, built: build(chosen, input, report), warnings: [...warnings] };
}

/** Fills in the number of neighbors where it counts and is not given. */
function withNeighbors(asked: BuildableWeights, n: number, warnings: Set<string>): BuildableWeights {
  if (asked.type !== "knn" && (asked.type !== "kernel" || asked.bandwidth !== undefined)) return asked;
  if (asked.k !== undefined) return asked;
  const k = defaultNeighbors(n);
  if (k < NEIGHBORS) warnings.add(`k is ${k} instead of ${NEIGHBORS}, as there are only ${n} locations`);
  return { ...asked, k };
}

const operations = { union, intersection, difference };

function combine(
  { type, of }: { type: keyof typeof operations; of: BuildableWeights[] },
  input: Input,
  report: Report,
): Weights {
  return operations[type](of.map((each) => build(each, input, report)));
}

function build(chosen: BuildableWeights, input: Input, report: Report): Weights {
  const progress = (share: number): void => report("weights", share);
  const greatCircle = "great_circle" in chosen && chosen.great_circle;
  const points = (): ReturnType<typeof places> => places(input, greatCircle, "weights.great_circle");
  switch (chosen.type) {
    case "queen":
    case "rook":
      return contiguity(chosen, input);
    case "knn": {
      const { xs, ys } = points();
      const nearest = knn(xs, ys, { k: chosen.k!, greatCircle, progress });
      return chosen.symmetric ? symmetric(nearest) : nearest;
    }
    case "distance_band": {
      const { xs, ys } = points();
      const { threshold, binary, power } = chosen;
      return distanceBand(xs, ys, { threshold, binary, power, greatCircle, progress });
    }
    case "kernel": {
      const { xs, ys } = points();
      const { bandwidth, k, adaptive, diagonal } = chosen;
      return kernelWeights(xs, ys, {
        function: chosen.function,
        bandwidth,
        k,
        adaptive,
        diagonal,
        greatCircle,
        progress,
      });
    }
    case "block":
      return block(input.labels[chosen.column]!);
    default: {
      const { xs, ys } = points();
      return { delaunay, gabriel, relative_neighbors: relativeNeighbors }[chosen.type](xs, ys);
    }
  }
}

function contiguity(
  { type, order, include_lower, snap }: Extract<BuildableWeights, { type: "queen" | "rook" }>,
  input: Input,
): Weights {
  const first = contiguityOf(type, input, snap);
  return order === 1 ? first : higherOrder(first, order, include_lower);
}

/** @throws MIXED_GEOMETRY, INVALID_PARAMETER where the rows are not all polygons */
export function contiguityOf(type: "queen" | "rook", { geometry }: Input, snap = 0): Weights {
  const points = geometry.kinds.includes(POINT);
  if (points && geometry.kinds.includes(POLYGON)) {
    throw new DriveshaftError("MIXED_GEOMETRY", `weights of type ${type} need polygons, but some rows have points`, {
      hint: 'Leave the points out of the query, or use {"weights": {"type": "knn"}}, which takes the centroids of polygons.',
    });
  }
  if (points) {
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      `weights is of type ${type}, which needs polygons, but the rows have points`,
      {
        hint: 'Use {"weights": {"type": "knn", "k": 8}}.',
      },
    );
  }
  return type === "queen" ? queen(geometry, { snap }) : rook(geometry, { snap });
}

/**
 * One point a row for measuring distances: points as they are, centroids of polygons in the plane or on the sphere.
 * @throws INVALID_PARAMETER where geographic coordinates would be measured in the plane, or planar ones on the sphere
 */
export function places(
  { geometry, geography }: Input,
  greatCircle: boolean,
  parameter: string,
): { xs: Float64Array; ys: Float64Array } {
  if (geography && !greatCircle) {
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      `${parameter} is false, but the column is of type geography, whose distances follow the sphere`,
      {
        hint: `Set ${parameter} to true, or cast the column to geometry to measure in degrees.`,
      },
    );
  }
  return greatCircle ? sphericalCentroids(checkDegrees(geometry, parameter)) : centroids(geometry);
}

/** By how many degrees rounding may put a vertex beyond a pole. */
const ROUNDING = 1e-9;

/** @throws INVALID_PARAMETER where a coordinate is no longitude or latitude */
function checkDegrees(geometry: Geometry, parameter: string): Geometry {
  const { xs, ys } = geometry;
  for (let v = 0; v < xs.length; v++) {
    if (Math.abs(ys[v]!) <= 90 + ROUNDING && Math.abs(xs[v]!) <= 360 + ROUNDING) continue;
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      `${parameter} is true, but (${xs[v]}, ${ys[v]}) is not a longitude and latitude in degrees`,
      { hint: "Use ST_Transform(geom, 4326), or leave the parameter out." },
    );
  }
  return geometry;
}
