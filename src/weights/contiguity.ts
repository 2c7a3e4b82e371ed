import { DriveshaftError } from "../errors.js";
import type { Geometry } from "../geometry/geometry.js";
import { contiguityKernel } from "../kernels/generated/contiguity.js";
import { withKernel } from "../kernels/load.js";
import { MAX_PAIRS, trusted, type Weights } from "./weights.js";

/** The part of a Geometry that contiguity looks at: rings of vertices, and where each feature's vertices begin. */
export type Polygons = Pick<Geometry, "xs" | "ys" | "ringOffsets" | "featureOffsets">;

/**
 * Queen contiguity: features that share a vertex are neighbors. Rows ascend.
 * @param polygons rings in flat arrays, the closing vertex not repeated; features without vertices become islands
 * @param options.snap vertices at most this far apart are one, and so are those joined by a chain of such steps, in the
 * units of the coordinates; default 0: equal coordinates
 * @throws INVALID_GEOMETRY where the arrays do not fit together; INVALID_WEIGHTS above 268,435,456 pairs
 */
export function queen(polygons: Polygons, options: { snap?: number } = {}): Weights {
  return contiguity(polygons, false, options.snap);
}

/**
 * Rook contiguity: features that share an edge, in either direction, are neighbors. Rows ascend.
 * @param polygons as for {@link queen}
 * @param options.snap as for {@link queen}
 * @throws INVALID_GEOMETRY where the arrays do not fit together; INVALID_WEIGHTS above 268,435,456 pairs
 */
export function rook(polygons: Polygons, options: { snap?: number } = {}): Weights {
  return contiguity(polygons, true, options.snap);
}

/** @throws INVALID_GEOMETRY where offsets do not ascend to the number of vertices, or a coordinate is not finite */
function checkPolygons({ xs, ys, ringOffsets, featureOffsets }: Polygons): void {
  function fail(message: string): never {
    throw new DriveshaftError("INVALID_GEOMETRY", message);
  }
  if (xs.length !== ys.length)
    fail(`polygons.xs has ${xs.length} elements and ys ${ys.length}, expected equal lengths`);
  for (const [name, offsets] of Object.entries({ ringOffsets, featureOffsets })) {
    if (offsets[0] !== 0 || offsets.at(-1) !== xs.length) {
      fail(`polygons.${name} runs from ${offsets[0]} to ${offsets.at(-1)}, expected 0 to ${xs.length}, the vertices`);
    }
    for (let i = 1; i < offsets.length; i++)
      if (offsets[i]! < offsets[i - 1]!) fail(`polygons.${name} descends at ${i}`);
  }
  for (let v = 0; v < xs.length; v++) {
    if (!Number.isFinite(xs[v]) || !Number.isFinite(ys[v]))
      fail(`vertex ${v} is (${xs[v]}, ${ys[v]}), expected finite coordinates`);
  }
}

function contiguity(polygons: Polygons, rook: boolean, snap = 0): Weights {
  checkPolygons(polygons);
  if (!(snap >= 0 && snap < Infinity)) {
    throw new DriveshaftError("INVALID_PARAMETER", `snap is ${snap}, expected a finite number of at least 0`);
  }
  return withKernel(contiguityKernel, (kernel) => {
    const n = polygons.featureOffsets.length - 1;
    const { call } = kernel;
    const featureOffsets = kernel.int32(polygons.featureOffsets);
    const offsets = kernel.int32(n + 1);
    const plan = call.createSharing(
      kernel.float64(polygons.xs),
      kernel.float64(polygons.ys),
      kernel.int32(polygons.ringOffsets),
      featureOffsets,
      snap,
      rook,
    );
    const total = call.countNeighbors(plan, featureOffsets, offsets, MAX_PAIRS);
    if (total > MAX_PAIRS) {
      throw new DriveshaftError("INVALID_WEIGHTS", `contiguity has more than ${MAX_PAIRS} pairs of neighbors`, {
        hint:
          "A vertex shared by very many features makes each the neighbor of all" +
          (snap > 0 ? `, as a snap of ${snap} may: use a smaller one.` : ". Use knn weights instead."),
      });
    }
    const neighbors = kernel.int32(total);
    call.writeNeighbors(plan, featureOffsets, offsets, neighbors);
    return trusted({ n, offsets: kernel.readInt32(offsets), neighbors: kernel.readInt32(neighbors) });
  });
}
