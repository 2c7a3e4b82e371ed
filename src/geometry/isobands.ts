import { growFloat64, growInt32 } from "../table/growable.js";
import { after } from "./flip-edges.js";
import type { Geometry } from "./geometry.js";
import { traceIsolines, type Isolines } from "./isolines.js";
import { polygonsOf, type Paths } from "./rings.js";
import type { Surface } from "./surface.js";

export interface Isobands {
  /** By band, the lowest first: a polygon of one part or more; nowhere where the surface has no such values. */
  bands: Geometry;
  /** Their areas, f64 of shape (breaks + 1,). */
  areas: Float64Array;
}

/**
 * Where a surface has values between breaks: polygons that cover its region and share their borders bit by bit. A band
 * has its upper break, not its lower one. Rings are isolines and what of the border lies between their ends.
 * @param breaks ascending, each once
 */
export function isobands(surface: Surface, breaks: Float64Array): Isobands {
  const { values } = surface;
  const classes = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) classes[i] = countBelow(breaks, values[i]!);
  const lines = traceIsolines(surface, breaks, classes);
  const paths = Array.from({ length: breaks.length + 1 }, newPaths);
  for (let line = 0; line < lines.breaks.length; line++) {
    if (lines.starts[line]! >= 0) continue;
    const k = lines.breaks[line]!;
    // a band lies to the left of its ring
    for (const [band, forward] of [
      [k, true],
      [k + 1, false],
    ] as const) {
      addLine(paths[band]!, lines, line, forward);
      paths[band]!.end();
    }
  }
  addBorder(surface, classes, lines, paths);
  return polygonsOf(paths.map((path) => path.take()));
}

/** How many breaks are below a value. */
function countBelow(breaks: Float64Array, value: number): number {
  let [low, high] = [0, breaks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (breaks[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface PathBuilder {
  point(x: number, y: number, corner: number): void;
  end(): void;
  take(): Paths;
}

function newPaths(): PathBuilder {
  const [xs, ys, corners, offsets] = [growFloat64(), growFloat64(), growInt32(), growInt32()];
  offsets.push(0);
  return {
    point(x, y, corner) {
      xs.push(x);
      ys.push(y);
      corners.push(corner);
    },
    end: () => offsets.push(xs.length),
    take: () => ({ xs: xs.take(), ys: ys.take(), corners: corners.take(), offsets: offsets.take() }),
  };
}

function addLine(path: PathBuilder, lines: Isolines, line: number, forward: boolean): void {
  const [begin, end] = [lines.offsets[line]!, lines.offsets[line + 1]!];
  for (let step = 0; step < end - begin; step++) {
    const at = forward ? begin + step : end - 1 - step;
    path.point(lines.xs[at]!, lines.ys[at]!, lines.corners[at]!);
  }
}

/** A stretch of the border in one band, up to where an isoline begins or ends. */
interface Stretch {
  band: number;
  corners: number[];
  line: number;
  /** The line begins there. */
  begins: boolean;
}

/** Rings that follow the border: a stretch of it, the line where that ends, the stretch after the line's other end. */
function addBorder(surface: Surface, classes: Int32Array, lines: Isolines, paths: PathBuilder[]): void {
  const stretches = stretchesOf(surface, classes, lines);
  // where a line's ends are, as the number of the stretch after each
  const afterStart = new Map<number, number>();
  const afterEnd = new Map<number, number>();
  stretches.forEach(({ line, begins }, i) => {
    (begins ? afterStart : afterEnd).set(line, (i + 1) % stretches.length);
  });
  const isDone = new Uint8Array(stretches.length);
  for (let first = 0; first < stretches.length; first++) {
    if (isDone[first] === 1) continue;
    const path = paths[stretches[first]!.band]!;
    for (let i = first; isDone[i] === 0;) {
      isDone[i] = 1;
      const { corners, line, begins } = stretches[i]!;
      for (const corner of corners) path.point(surface.xs[corner]!, surface.ys[corner]!, corner);
      if (line < 0) break;
      addLine(path, lines, line, begins);
      i = (begins ? afterEnd : afterStart).get(line)!;
    }
    path.end();
  }
}

/** The border, counter-clockwise, cut where isolines begin and end. */
function stretchesOf({ triangles, halfedges }: Surface, classes: Int32Array, lines: Isolines): Stretch[] {
  const lineAt = new Map<string, number>();
  const key = (edge: number, k: number): string => `${edge} ${k}`;
  for (let line = 0; line < lines.breaks.length; line++) {
    if (lines.starts[line]! < 0) continue;
    lineAt.set(key(lines.starts[line]!, lines.breaks[line]!), line);
    lineAt.set(key(lines.ends[line]!, lines.breaks[line]!), line);
  }
  const edgeFrom = new Map<number, number>();
  for (let edge = 0; edge < halfedges.length; edge++) if (halfedges[edge]! < 0) edgeFrom.set(triangles[edge]!, edge);

  const [[start]] = edgeFrom as unknown as [[number]];
  const stretches: Stretch[] = [];
  let corners: number[] = [];
  let at = start;
  do {
    const edge = edgeFrom.get(at)!;
    const to = triangles[after(edge)]!;
    corners.push(at);
    const [from, end] = [classes[at]!, classes[to]!];
    // breaks in the order in which the edge crosses them
    for (let k = from; k < end; k++) {
      stretches.push({ band: k, corners, line: lineAt.get(key(edge, k))!, begins: true });
      corners = [];
    }
    for (let k = from - 1; k >= end; k--) {
      stretches.push({ band: k + 1, corners, line: lineAt.get(key(edge, k))!, begins: false });
      corners = [];
    }
    at = to;
  } while (at !== start);
  if (stretches.length === 0) return [{ band: classes[start]!, corners, line: -1, begins: false }];
  // what came first goes on where the last stretch ends
  stretches[0]!.corners = [...corners, ...stretches[0]!.corners];
  return stretches;
}
