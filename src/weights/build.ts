import type { Input, Report } from "../analyses/analysis.js";
import type { WeightsParameter } from "../analyses/parameters.js";
import { DriveshaftError } from "../errors.js";
import { centroids } from "../geometry/centroids.js";
import { POINT, POLYGON } from "../geometry/geometry.js";
import { queen, rook } from "./contiguity.js";
import { knn } from "./knn.js";
import { transform, type Transform } from "./transform.js";
import { islands, pairs, type Weights } from "./weights.js";

export interface BuiltWeights {
  weights: Weights;
  summary: Record<string, unknown>;
  warnings: string[];
}

/** The weights that the parameter asks for, or the default for the kind of geometry, in a standardisation. */
export function buildWeights(parameter: WeightsParameter, input: Input, report: Report, to: Transform): BuiltWeights {
  report("weights", 0);
  const chosen =
    parameter ??
    (input.geometry.kinds.includes(POLYGON)
      ? { type: "queen" as const }
      : { type: "knn" as const, k: 8, great_circle: false });
  const built = chosen.type === "knn" ? nearest(chosen, input, report) : contiguity(chosen.type, input);
  const weights = transform(built, to);
  const alone = islands(weights);
  return {
    weights,
    summary: { ...chosen, pairs: pairs(weights), islands: alone },
    warnings: alone > 0 ? [`${alone} of ${weights.n} locations have no neighbor and are isolated`] : [],
  };
}

function contiguity(type: "queen" | "rook", { geometry }: Input): Weights {
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
  return type === "queen" ? queen(geometry) : rook(geometry);
}

function nearest({ k, great_circle }: { k: number; great_circle: boolean }, input: Input, report: Report): Weights {
  const { xs, ys } = places(input, great_circle, "weights.great_circle");
  return knn(xs, ys, { k, greatCircle: great_circle, progress: (share) => report("weights", share) });
}

/**
 * One point a row for measuring distances: points as they are, centroids of polygons.
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
  const { xs, ys } = centroids(geometry);
  if (greatCircle) {
    for (let i = 0; i < xs.length; i++) {
      if (Math.abs(ys[i]!) > 90 || Math.abs(xs[i]!) > 360) {
        throw new DriveshaftError(
          "INVALID_PARAMETER",
          `${parameter} is true, but (${xs[i]}, ${ys[i]}) is not a longitude and latitude in degrees`,
          {
            hint: "Use ST_Transform(geom, 4326), or leave the parameter out.",
          },
        );
      }
    }
  }
  return { xs, ys };
}
