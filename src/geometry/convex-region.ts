/** A convex polygon whose corners go counter-clockwise, by which others are cut. */
export interface ConvexRegion {
  xs: Float64Array;
  ys: Float64Array;
}

/** What of a convex polygon is cut: it keeps where each of its edges came from. */
export interface Cutting {
  /** Vertices, counter-clockwise. */
  xs: number[];
  ys: number[];
  /** By vertex: the line on which the edge to the next one lies. */
  lines: Line[];
}

/** A line through two points; of the region's edges their number, else -1. */
export interface Line {
  ax: number;
  ay: number;
  bx: number;
  by: number;
  edge: number;
}

/**
 * Cuts convex polygons by a convex region. Where two polygons share an edge, both have the same point where it leaves
 * the region, since it is computed of the whole edge and not of what was left of it; the region's corners stay as they
 * are.
 * @param tolerance by which a vertex may lie beyond an edge
 */
export function cutter({ xs, ys }: ConvexRegion, tolerance: number): Cutter {
  const m = xs.length;
  const next = (k: number): number => (k + 1) % m;
  const edges = Array.from({ length: m }, (_, k): Line => ({
    ax: xs[k]!,
    ay: ys[k]!,
    bx: xs[next(k)]!,
    by: ys[next(k)]!,
    edge: k,
  }));
  const lengths = edges.map(({ ax, ay, bx, by }) => Math.sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay)));
  const middleX = xs.reduce((sum, x) => sum + x / m, 0);
  const middleY = ys.reduce((sum, y) => sum + y / m, 0);

  /** How far a point lies to the left of an edge. */
  function distance(k: number, x: number, y: number): number {
    const { ax, ay, bx, by } = edges[k]!;
    return ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / lengths[k]!;
  }
  function side(k: number, x: number, y: number): number {
    const left = distance(k, x, y);
    return Math.abs(left) <= tolerance ? 0 : left;
  }

  /** Whether a point is to the left of the ray from the middle to a corner. */
  const isLeftOf = (k: number, x: number, y: number): boolean =>
    (xs[k]! - middleX) * (y - middleY) - (ys[k]! - middleY) * (x - middleX) >= 0;

  /** By bisection of the corners. */
  function facing(x: number, y: number): number {
    const isInHalf = isLeftOf(0, x, y);
    let [low, high] = [0, m];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      // in the half-turn after the first corner, or in the other
      const half = isLeftOf(0, xs[middle]!, ys[middle]!);
      if (half === isInHalf ? isLeftOf(middle, x, y) : half) low = middle;
      else high = middle;
    }
    return low;
  }

  function meeting(line: Line, k: number): [number, number] {
    const edge = edges[k]!;
    if (line.edge >= 0) {
      if (next(line.edge) === k) return [edge.ax, edge.ay];
      if (next(k) === line.edge) return [edge.bx, edge.by];
    }
    const [from, to] = [distance(k, line.ax, line.ay), distance(k, line.bx, line.by)];
    const share = from / (from - to);
    return onEdge(k, line.ax + share * (line.bx - line.ax), line.ay + share * (line.by - line.ay));
  }

  /** A point on an edge; where that is along an axis, exactly. */
  function onEdge(k: number, x: number, y: number): [number, number] {
    const { ax, ay, bx, by } = edges[k]!;
    return [ax === bx ? ax : x, ay === by ? ay : y];
  }

  function cutBy(k: number, { xs: px, ys: py, lines }: Cutting): Cutting {
    const sides = px.map((x, v) => side(k, x, py[v]!));
    const kept: Cutting = { xs: [], ys: [], lines: [] };
    if (!sides.some((left) => left > 0)) return kept;
    function keep(x: number, y: number, line: Line): void {
      // where the region is left at a corner, both edges there give it
      if (kept.xs.at(-1) === x && kept.ys.at(-1) === y) {
        kept.lines[kept.lines.length - 1] = line;
        return;
      }
      kept.xs.push(x);
      kept.ys.push(y);
      kept.lines.push(line);
    }
    for (let v = 0; v < px.length; v++) {
      const [here, there] = [sides[v]!, sides[v + 1 === px.length ? 0 : v + 1]!];
      // the edge to the next vertex leaves the region, comes back, or lies on one side
      const leaves = here >= 0 && there < 0;
      if (here > 0 || (here === 0 && !leaves)) keep(px[v]!, py[v]!, lines[v]!);
      else if (here === 0) keep(px[v]!, py[v]!, edges[k]!);
      if (here > 0 && there < 0) keep(...meeting(lines[v]!, k), edges[k]!);
      if (here < 0 && there > 0) keep(...meeting(lines[v]!, k), lines[v]!);
    }
    return kept;
  }
  return {
    facing,
    side,
    onto(k, x, y) {
      const { ax, ay, bx, by } = edges[k]!;
      const share = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / (lengths[k]! * lengths[k]!);
      return onEdge(k, ax + share * (bx - ax), ay + share * (by - ay));
    },
    cut(polygon) {
      const used = new Set<number>();
      for (let v = 0; v < polygon.xs.length;) {
        const k = facing(polygon.xs[v]!, polygon.ys[v]!);
        if (used.has(k) || side(k, polygon.xs[v]!, polygon.ys[v]!) >= 0) {
          v++;
          continue;
        }
        used.add(k);
        polygon = cutBy(k, polygon);
        v = 0;
      }
      return polygon;
    },
  };
}

export interface Cutter {
  /** The edge of the region that one sees a point through from the middle: it is outside if it lies beyond that. */
  facing(x: number, y: number): number;
  /** How far a point lies to the left of an edge, negative beyond it; 0 within the tolerance. */
  side(edge: number, x: number, y: number): number;
  /** The nearest point on the line of an edge. */
  onto(edge: number, x: number, y: number): [x: number, y: number];
  /** What of a convex polygon lies in the region; without vertices where nothing does. */
  cut(polygon: Cutting): Cutting;
}
