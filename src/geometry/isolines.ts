import { growFloat64, growInt32 } from "../table/growable.js";
import { after, before } from "./flip-edges.js";
import type { Surface } from "./surface.js";

/** Lines along which a surface has the values of breaks, each with what is lower to its left. */
export interface Isolines {
  /** By line: its break, and the half-edges of the border where it begins and ends; -1 of a closed one. */
  breaks: Int32Array;
  starts: Int32Array;
  ends: Int32Array;
  /** The points of line i are offsets[i] .. offsets[i + 1]; a closed one does not repeat the first. */
  offsets: Int32Array;
  xs: Float64Array;
  ys: Float64Array;
  /** By point: the corner of the surface that it is at; -1 between two. */
  corners: Int32Array;
}

/** A line this near to a corner, as a share of the edge, goes through it, so that no part of it is as short as rounding. */
const NEAR = 1e-9;

/**
 * Traces the lines, from triangle to triangle: in each that has corners on both sides of a break one segment.
 * @param breaks ascending, each once
 * @param classes by corner: how many breaks are below its value
 */
export function traceIsolines(surface: Surface, breaks: Float64Array, classes: Int32Array): Isolines {
  const { triangles, halfedges, values } = surface;
  const mixed = mixedTriangles(triangles, classes);
  const visited = new Int32Array(halfedges.length).fill(-1);
  const lines = { breaks: growInt32(), starts: growInt32(), ends: growInt32(), offsets: growInt32() };
  const points = { xs: growFloat64(), ys: growFloat64(), corners: growInt32() };
  lines.offsets.push(0);

  const rises = (edge: number, k: number): boolean =>
    classes[triangles[edge]!]! <= k && classes[triangles[after(edge)]!]! > k;

  /** Adds the point at which an edge has the value of a break, computed from its lower end. */
  function addPoint(low: number, high: number, value: number): void {
    const share = (value - values[low]!) / (values[high]! - values[low]!);
    const corner = share < NEAR ? low : share > 1 - NEAR ? high : -1;
    points.corners.push(corner);
    points.xs.push(
      corner >= 0 ? surface.xs[corner]! : surface.xs[low]! + share * (surface.xs[high]! - surface.xs[low]!),
    );
    points.ys.push(
      corner >= 0 ? surface.ys[corner]! : surface.ys[low]! + share * (surface.ys[high]! - surface.ys[low]!),
    );
  }
  function trace(first: number, k: number): void {
    lines.breaks.push(k);
    lines.starts.push(halfedges[first]! < 0 ? first : -1);
    let edge = first;
    do {
      visited[edge] = k;
      addPoint(triangles[edge]!, triangles[after(edge)]!, breaks[k]!);
      // out where the triangle falls below the break again
      const out = classes[triangles[before(edge)]!]! > k ? before(edge) : after(edge);
      edge = halfedges[out]!;
      if (edge < 0) {
        addPoint(triangles[after(out)]!, triangles[out]!, breaks[k]!);
        lines.ends.push(out);
      } else if (edge === first) lines.ends.push(-1);
    } while (edge >= 0 && edge !== first);
    lines.offsets.push(points.xs.length);
  }
  for (let k = 0; k < breaks.length; k++) {
    // those that begin at the border first, so that what is left is closed
    for (const isOpen of [true, false]) {
      for (const t of mixed) {
        for (let edge = 3 * t; edge < 3 * t + 3; edge++) {
          if (isOpen === halfedges[edge]! < 0 && visited[edge] !== k && rises(edge, k)) trace(edge, k);
        }
      }
    }
  }
  return {
    breaks: lines.breaks.take(),
    starts: lines.starts.take(),
    ends: lines.ends.take(),
    offsets: lines.offsets.take(),
    xs: points.xs.take(),
    ys: points.ys.take(),
    corners: points.corners.take(),
  };
}

/** Triangles whose corners are in more than one class. */
function mixedTriangles(triangles: Uint32Array, classes: Int32Array): Int32Array {
  const found = growInt32();
  for (let t = 0; t < triangles.length / 3; t++) {
    const first = classes[triangles[3 * t]!];
    if (first !== classes[triangles[3 * t + 1]!] || first !== classes[triangles[3 * t + 2]!]) found.push(t);
  }
  return found.take();
}
