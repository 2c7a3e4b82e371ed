import { DriveshaftError } from "../errors.js";
import type { Place } from "../geometry/place.js";
import type { Progress } from "../job/progress.js";
import { readCells } from "../cells/ids.js";
import { block } from "./block.js";
import { ringWeights } from "./cells.js";
import { isComplete } from "./complete.js";
import { queen, rook } from "./contiguity.js";
import { distanceBand } from "./distance-band.js";
import { kernelWeights } from "./kernel.js";
import { defaultNeighbors, knn, NEIGHBORS } from "./knn.js";
import { higherOrder } from "./order.js";
import type { BuildableWeights, WeightsParameter } from "./parameter.js";
import { gabriel, relativeNeighbors } from "./proximity.js";
import { withDiagonal } from "./self.js";
import { difference, intersection, symmetric, union } from "./sets.js";
import { delaunay } from "./triangulation.js";
import { transform, type Transform } from "./transform.js";
import { islands, pairs, type Weights } from "./weights.js";

/** What weights are built from. */
export interface WeightsSource {
  n: number;
  place: Place;
  /** The labels of a column: equal ones as equal numbers, NaN where a row has none. */
  labels(column: string): ArrayLike<number>;
  /** The ids of cells in a column, and what messages call it; without a name, those that the rows have. */
  cells(column: string | undefined): { ids: string[]; from: string };
  /** Weights that came with the rows. */
  given: Weights | undefined;
  progress: Progress;
}

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
  source: WeightsSource,
  to: Transform,
  self = false,
): BuiltWeights {
  source.progress(0);
  const { chosen, built, warnings } = choose(parameter, source);
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
  source: WeightsSource,
): { chosen: object; built: Weights; warnings: string[] } {
  if (parameter?.type === "query") return { chosen: parameter, built: source.given!, warnings: [] };
  if (!parameter && source.given) return { chosen: { type: "file" }, built: source.given, warnings: [] };
  const asked =
    parameter ??
    (source.place.hasPolygons
      ? { type: "queen" as const, order: 1, include_lower: false, snap: 0 }
      : { type: "knn" as const, symmetric: false, great_circle: false });
  const warnings = new Set<string>();
  if ("of" in asked) {
    const of = asked.of.map((each) => withNeighbors(each, source.n, warnings));
    const built = operations[asked.type](of.map((each) => build(each, source, warnings)));
    return { chosen: { ...asked, of }, built, warnings: [...warnings] };
  }
  const chosen = withNeighbors(asked, source.n, warnings);
  const built = build(chosen, source, warnings);
  return { chosen, built, warnings: [...warnings] };
}

const operations = { union, intersection, difference };

/** Fills in the number of neighbors where it counts and is not given. */
function withNeighbors(asked: BuildableWeights, n: number, warnings: Set<string>): BuildableWeights {
  if (asked.type !== "knn" && (asked.type !== "kernel" || asked.bandwidth !== undefined)) return asked;
  if (asked.k !== undefined) return asked;
  const k = defaultNeighbors(n);
  if (k < NEIGHBORS) warnings.add(`k is ${k} instead of ${NEIGHBORS}, as there are only ${n} locations`);
  return { ...asked, k };
}

function build(
  chosen: BuildableWeights,
  { place, labels, cells, progress }: WeightsSource,
  warnings: Set<string>,
): Weights {
  const points = (greatCircle: boolean): ReturnType<Place["points"]> =>
    place.points(greatCircle, "weights.great_circle");
  switch (chosen.type) {
    case "queen":
    case "rook": {
      const first = contiguityOf(chosen.type, place, chosen.snap);
      return chosen.order === 1 ? first : higherOrder(first, chosen.order, chosen.include_lower);
    }
    case "knn": {
      const { k, great_circle: greatCircle } = chosen;
      const { xs, ys } = points(greatCircle);
      const nearest = knn(xs, ys, { k: k!, greatCircle, progress });
      return chosen.symmetric ? symmetric(nearest) : nearest;
    }
    case "distance_band": {
      const { threshold, binary, power, great_circle: greatCircle } = chosen;
      const { xs, ys } = points(greatCircle);
      return distanceBand(xs, ys, { threshold, binary, power, greatCircle, progress });
    }
    case "kernel": {
      const { bandwidth, k, adaptive, diagonal, great_circle: greatCircle } = chosen;
      const { xs, ys } = points(greatCircle);
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
      return block(labels(chosen.column));
    case "cells": {
      const { ids, from } = cells(chosen.cell);
      const { cells: read, adjacency } = readCells(ids, from);
      const { weights, missing } = ringWeights(read, adjacency, chosen);
      if (missing > 0) {
        warnings.add(
          `${missing} cells that touch those of ${from} have no row: they are nobody's neighbors, not zeros`,
        );
      }
      return weights;
    }
    default: {
      const { xs, ys } = place.points(undefined, `weights of type ${chosen.type}`);
      return { delaunay, gabriel, relative_neighbors: relativeNeighbors }[chosen.type](xs, ys);
    }
  }
}

/** @throws MIXED_GEOMETRY, INVALID_PARAMETER where the rows are not all polygons */
export function contiguityOf(type: "queen" | "rook", { geometry, hasPoints, hasPolygons }: Place, snap = 0): Weights {
  if (hasPoints && hasPolygons) {
    throw new DriveshaftError("MIXED_GEOMETRY", `weights of type ${type} need polygons, but some rows have points`, {
      hint: 'Leave the points out of the query, or use {"weights": {"type": "knn"}}, which takes the centroids of polygons.',
    });
  }
  if (hasPoints) {
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
