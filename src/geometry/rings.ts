import { buildGeometry, type Geometry } from "./geometry.js";
import { polygonOf } from "./polygon-of.js";

/** Closed paths with what they surround to their left; path i has the points offsets[i] .. offsets[i + 1]. */
export interface Paths {
  xs: Float64Array;
  ys: Float64Array;
  /** By point: a number that all points at its place have; -1 where there is no other. */
  corners: Int32Array;
  offsets: Int32Array;
}

/** A ring of points of paths, by their numbers. */
interface Ring {
  points: number[];
  /** Half of twice the area, negative of a hole. */
  area: number;
}

/**
 * Polygons of paths that may touch themselves and each other, one feature for each list of paths. What two paths go
 * along in opposite directions is within the polygon; a path that comes to a place again is two rings there.
 */
export function polygonsOf(all: Paths[]): { bands: Geometry; areas: Float64Array } {
  const into = buildGeometry();
  const areas = Float64Array.from(all, (paths) => {
    const rings = ringsOf(paths);
    for (const { shell, holes } of nest(paths, rings)) {
      [shell, ...holes].forEach((ring, i) => {
        for (const point of ring.points) into.vertex(paths.xs[point]!, paths.ys[point]!);
        into.ring(i > 0);
      });
    }
    into.polygon();
    return rings.reduce((sum, { area }) => sum + area, 0);
  });
  return { bands: into.take(), areas };
}

function ringsOf(paths: Paths): Ring[] {
  const { corners, offsets } = paths;
  const next = linked(corners, offsets);
  cancelOpposites(corners, next);
  pairAtCorners(paths, next);
  const rings: Ring[] = [];
  // by corner: where in the ring at hand it is
  const places = new Map<number, number>();
  function close(points: number[]): void {
    if (points.length < 3) return;
    const area = areaOf(paths, points);
    if (area !== 0) rings.push({ points, area });
  }
  const isDone = new Uint8Array(corners.length);
  for (let first = 0; first < corners.length; first++) {
    if (isDone[first] === 1 || next[first]! < 0) continue;
    const ring: number[] = [];
    places.clear();
    for (let point = first; isDone[point] === 0; point = next[point]!) {
      isDone[point] = 1;
      const corner = corners[point]!;
      const before = corner < 0 ? undefined : places.get(corner);
      if (before !== undefined) {
        // what lies between two visits is a ring of its own
        const between = ring.splice(before);
        for (const each of between) places.delete(corners[each]!);
        close(between);
      }
      if (corner >= 0) places.set(corner, ring.length);
      ring.push(point);
    }
    close(ring);
  }
  return rings;
}

/** By point the next one of its path, leaving out repetitions; -1 of what is left out. */
function linked(corners: Int32Array, offsets: Int32Array): Int32Array {
  const next = new Int32Array(corners.length).fill(-1);
  for (let path = 0; path + 1 < offsets.length; path++) {
    const kept: number[] = [];
    for (let point = offsets[path]!; point < offsets[path + 1]!; point++) {
      const last = kept.at(-1);
      if (last === undefined || corners[point]! < 0 || corners[point] !== corners[last]) kept.push(point);
    }
    while (kept.length > 1 && corners[kept[0]!]! >= 0 && corners[kept[0]!] === corners[kept.at(-1)!]) kept.pop();
    kept.forEach((point, i) => (next[point] = kept[i + 1] ?? kept[0]!));
  }
  return next;
}

/** Takes out steps between corners that are also made the other way round, and joins what is before and after them. */
function cancelOpposites(corners: Int32Array, next: Int32Array): void {
  const steps = new Map<string, number>();
  const previous = new Int32Array(next.length).fill(-1);
  next.forEach((after, point) => after >= 0 && (previous[after] = point));
  function join(before: number, after: number): void {
    next[before] = after;
    previous[after] = before;
  }
  for (let point = 0; point < next.length; point++) {
    if (next[point]! < 0 || corners[point]! < 0 || corners[next[point]!]! < 0) continue;
    const [from, to] = [corners[point]!, corners[next[point]!]!];
    const other = steps.get(`${to} ${from}`);
    if (other === undefined) {
      steps.set(`${from} ${to}`, point);
      continue;
    }
    steps.delete(`${to} ${from}`);
    const [before, after, otherBefore, otherAfter] = [previous[point]!, next[point]!, previous[other]!, next[other]!];
    join(before, otherAfter);
    join(otherBefore, after);
    for (const gone of [point, other]) next[gone] = -1;
  }
}

/**
 * At corners where paths meet each goes on with the nearest to its left, so that rings are around one piece of the
 * inside each, and do not cut it in two.
 */
function pairAtCorners({ xs, ys, corners }: Paths, next: Int32Array): void {
  const first = new Map<number, number>();
  const meeting = new Map<number, number[]>();
  for (let point = 0; point < next.length; point++) {
    const corner = corners[point]!;
    if (next[point]! < 0 || corner < 0) continue;
    const before = first.get(corner);
    if (before === undefined) first.set(corner, point);
    else if (meeting.has(corner)) meeting.get(corner)!.push(point);
    else meeting.set(corner, [before, point]);
  }
  if (meeting.size === 0) return;
  const previous = new Int32Array(next.length);
  next.forEach((after, point) => after >= 0 && (previous[after] = point));
  for (const points of meeting.values()) {
    const ways = points.flatMap((point) => [
      { turn: turnOf(xs[next[point]!]! - xs[point]!, ys[next[point]!]! - ys[point]!), leaves: true, point },
      {
        turn: turnOf(xs[previous[point]!]! - xs[point]!, ys[previous[point]!]! - ys[point]!),
        leaves: false,
        point: previous[point]!,
      },
    ]);
    ways.sort((a, b) => a.turn - b.turn);
    // the inside lies between a way that leaves and the next one, counter-clockwise, that arrives
    ways.forEach(({ leaves, point }, i) => {
      const other = ways.at(i - 1)!;
      if (leaves || !other.leaves) return;
      next[point] = other.point;
      previous[other.point] = point;
    });
  }
}

/** A number from 0 to 4 that grows with the angle of a direction. */
function turnOf(x: number, y: number): number {
  const share = y / (Math.abs(x) + Math.abs(y));
  if (x < 0) return 2 - share;
  return share < 0 ? 4 + share : share;
}

function areaOf({ xs, ys }: Paths, points: number[]): number {
  const [x0, y0] = [xs[points[0]!]!, ys[points[0]!]!];
  let twice = 0;
  for (let v = 2; v < points.length; v++) {
    const [a, b] = [points[v - 1]!, points[v]!];
    twice += (xs[a]! - x0) * (ys[b]! - y0) - (xs[b]! - x0) * (ys[a]! - y0);
  }
  return twice / 2;
}

/** Shells with the holes that lie in them, each in the smallest that it does. */
function nest(paths: Paths, rings: Ring[]): { shell: Ring; holes: Ring[] }[] {
  const found = rings
    .filter(({ area }) => area > 0)
    .sort((a, b) => a.area - b.area)
    .map((shell) => ({ shell, holes: [] as Ring[] }));
  const holes = rings.filter(({ area }) => area < 0);
  if (found.length === 1) found[0]!.holes = holes;
  else if (holes.length > 0) {
    const shells = buildGeometry();
    for (const { shell } of found) {
      for (const point of shell.points) shells.vertex(paths.xs[point]!, paths.ys[point]!);
      shells.ring(false);
      shells.polygon();
    }
    // rings of one band meet at corners only, so the middle of an edge lies inside
    const middles = holes.map(({ points }) => middleOfLongest(paths, points));
    const inside = polygonOf(
      shells.take(),
      Float64Array.from(middles, ([x]) => x),
      Float64Array.from(middles, ([, y]) => y),
    );
    holes.forEach((hole, i) => found[inside[i]!]?.holes.push(hole));
  }
  return found;
}

function middleOfLongest({ xs, ys }: Paths, points: number[]): readonly [x: number, y: number] {
  let [longest, x, y] = [-1, 0, 0];
  points.forEach((to, v) => {
    const from = points.at(v - 1)!;
    const [dx, dy] = [xs[to]! - xs[from]!, ys[to]! - ys[from]!];
    if (dx * dx + dy * dy <= longest) return;
    longest = dx * dx + dy * dy;
    x = xs[from]! + dx / 2;
    y = ys[from]! + dy / 2;
  });
  return [x, y];
}
