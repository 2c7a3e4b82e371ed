import { DriveshaftError } from "../errors.js";
import type { Progress } from "../job/progress.js";
import { overlapKernel, type OverlapExports } from "../kernels/generated/overlap.js";
import { withKernel, type Kernel } from "../kernels/load.js";
import type { Pointer } from "../kernels/pointer.js";
import { MAX_PAIRS } from "../weights/weights.js";
import type { Geometry } from "./geometry.js";
import { ringsOfFeatures } from "./take-features.js";

/** Polygons between two reports of progress. */
const CHUNK = 1000;

/** Polygons of one layer with the areas that they have in common with those of another. */
export interface Overlaps {
  /** Those of polygon i are offsets[i] .. offsets[i + 1], ascending; i32 of shape (n + 1,). */
  offsets: Int32Array;
  others: Int32Array;
  /** Planar, in squared units of the coordinates, f64 of shape (pairs,). */
  areas: Float64Array;
}

/**
 * The areas that polygons of two layers have in common. They are integrals over pairs of edges, which have no special
 * cases: edges may be shared, nearly so, or end at each other.
 * @param first n polygons, which do not cross themselves ({@link selfOverlaps})
 * @param second likewise
 * @throws INVALID_PARAMETER, OUT_OF_MEMORY
 * @example overlaps(districts, tracts).areas
 */
export function overlaps(first: Geometry, second: Geometry, options: { progress?: Progress } = {}): Overlaps {
  const n = first.kinds.length;
  return withKernel(overlapKernel, (kernel) => {
    const { call, float64, int32 } = kernel;
    const plan = call.createOverlap(layerOf(kernel, first), layerOf(kernel, second));
    const most = call.countPairs(plan);
    if (most > MAX_PAIRS) {
      throw new DriveshaftError("INVALID_PARAMETER", `more than ${MAX_PAIRS} pairs of polygons may overlap`, {
        hint: "Use fewer rows, or groups of them by region.",
      });
    }
    const [offsets, others, areas] = [int32(n + 1), int32(most), float64(most)];
    for (let begin = 0; begin < n; begin += CHUNK) {
      options.progress?.(begin / n);
      call.intersect(plan, begin, Math.min(n, begin + CHUNK), offsets, others, areas);
    }
    const found = kernel.readInt32(offsets);
    return {
      offsets: found,
      others: kernel.viewInt32(others).slice(0, found[n]),
      areas: kernel.viewFloat64(areas).slice(0, found[n]),
    };
  });
}

/**
 * The areas of polygons, holes taken away, and by how much more than rounding they differ from what each has in common
 * with itself: where an outline crosses itself, or parts lie over each other. Both f64 of shape (n,).
 */
export function selfOverlaps(geometry: Geometry): { areas: Float64Array; apart: Float64Array } {
  const n = geometry.kinds.length;
  return withKernel(overlapKernel, (kernel) => {
    const layer = layerOf(kernel, geometry);
    const [areas, apart] = [kernel.float64(n), kernel.float64(n)];
    kernel.call.measure(layer, areas, apart);
    return { areas: kernel.readFloat64(areas), apart: kernel.readFloat64(apart) };
  });
}

function layerOf({ call, float64, int32 }: Kernel<OverlapExports>, geometry: Geometry): Pointer<"Layer"> {
  const { xs, ys, ringOffsets, holes } = geometry;
  const rings = [int32(ringOffsets), int32(Int32Array.from(holes)), int32(ringsOfFeatures(geometry))] as const;
  return call.createLayer(float64(xs), float64(ys), ...rings);
}
