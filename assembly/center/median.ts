/**
 * The place with the least sum of weighted distances. Weiszfeld (1937; in English 2009, doi:10.1007/s10479-008-0352-z)
 * goes from anywhere to the mean of the points weighted by 1 / distance, which always lowers the sum, but may creep. So
 * Newton's step is tried first, and then the nearest point, as the median may be one: there its own weight holds
 * against the pull of the others, and where it is no less, this is the median: Vardi and Zhang (2000),
 * doi:10.1073/pnas.97.4.1423.
 */
import { sortPairs } from "../shared/sort";
import { Deviations } from "./deviations";

/** A Newton step of this length, in units near the extent, comes to its end: what is left is about its square. */
const NEAR: f64 = 1e-10;

/** Newton steps end here at the latest: further than any two points are from each other. */
const FAR: f64 = 4.0;

/** How often Newton's step is shortened. */
const TRIES: i32 = 3;

/** Passes over the points, at most; what they settle on is used as it is. Most need less than ten, few a hundred. */
const MOST_PASSES: i32 = 1000;

/** The way down to the median. */
@final
class Descent {
  passes: i32 = 0;
  /** Newton's step, in the frame. */
  stepU: f64 = 0.0;
  stepV: f64 = 0.0;

  constructor(public d: Deviations) {}
}

/** A place, and what the points do to it. The sums are in the frame, in which they cancel least where it is narrow. */
@final
class Place {
  /** Sums of the weighted distances, and of weights over distances. */
  distances: f64 = 0.0;
  inverses: f64 = 0.0;
  /** The pull of the points elsewhere, against which the distances rise; and the weight of the points here. */
  pullU: f64 = 0.0;
  pullV: f64 = 0.0;
  here: f64 = 0.0;
  /** How the pull falls on the way: the second derivatives of the distances. */
  uu: f64 = 0.0;
  uv: f64 = 0.0;
  vv: f64 = 0.0;

  constructor(
    public way: Descent,
    public x: f64,
    public y: f64,
  ) {
    // locals, because the compiler reads a field anew at every use
    const n = way.d.n;
    const xs = way.d.xs;
    const ys = way.d.ys;
    const weights = way.d.weights;
    const cosine = way.d.cosine;
    const sine = way.d.sine;
    let distances = 0.0;
    let inverses = 0.0;
    let pullU = 0.0;
    let pullV = 0.0;
    let here = 0.0;
    let uu = 0.0;
    let uv = 0.0;
    for (let i = 0; i < n; i++) {
      const dx = unchecked(xs[i]) - x;
      const dy = unchecked(ys[i]) - y;
      const u = cosine * dx + sine * dy;
      const v = cosine * dy - sine * dx;
      const weight = unchecked(weights[i]);
      const distance = Math.sqrt(u * u + v * v);
      if (distance == 0.0) {
        here += weight;
        continue;
      }
      const inverse = 1.0 / distance;
      const towardU = u * inverse;
      const towardV = v * inverse;
      const stiffness = weight * inverse;
      distances += weight * distance;
      inverses += stiffness;
      pullU += weight * towardU;
      pullV += weight * towardV;
      uu += stiffness * towardV * towardV;
      uv -= stiffness * towardU * towardV;
    }
    this.distances = distances;
    this.inverses = inverses;
    this.pullU = pullU;
    this.pullV = pullV;
    this.here = here;
    this.uu = uu;
    this.uv = uv;
    this.vv = inverses - uu;
    way.passes++;
  }

  get pull(): f64 {
    return Math.sqrt(this.pullU * this.pullU + this.pullV * this.pullV);
  }

  /** What the points here leave of the pull: nothing at the median. */
  get rest(): f64 {
    return max(0.0, this.pull - this.here);
  }

  /** Whether the sum of distances is less or, where rounding does not let it tell, what is left of the pull. */
  isBelow(other: Place): bool {
    const apart = this.way.d.rounding * other.distances;
    if (Math.abs(this.distances - other.distances) <= apart) return this.rest < other.rest;
    return this.distances < other.distances;
  }

  /** The place at the end of a step. */
  step(u: f64, v: f64): Place {
    const cosine = this.way.d.cosine;
    const sine = this.way.d.sine;
    return new Place(this.way, this.x + cosine * u - sine * v, this.y + sine * u + cosine * v);
  }

  /** The end of Weiszfeld's step, shortened by the weight here. */
  weiszfeld(): Place {
    const share = this.rest / (this.pull * this.inverses);
    return this.step(share * this.pullU, share * this.pullV);
  }
}

@final
export class Median {
  constructor(
    public x: f64,
    public y: f64,
  ) {}
}

/** The median of points whose axes are known. */
export function medianOf(d: Deviations): Median {
  if (d.onLine) {
    const u = medianAlong(d);
    return new Median(d.meanX + d.cosine * u, d.meanY + d.sine * u);
  }
  const place = medianInPlane(d);
  return new Median(place.x, place.y);
}

function medianInPlane(d: Deviations): Place {
  const way = new Descent(d);
  let best = new Place(way, d.meanX, d.meanY);
  let tried = -1;
  while (best.rest > 0.0 && way.passes < MOST_PASSES) {
    aim(way, best);
    const end = best.step(way.stepU, way.stepV);
    const near = Math.sqrt(way.stepU * way.stepU + way.stepV * way.stepV) <= NEAR;
    if (end.isBelow(best)) {
      best = end;
      if (!near) continue;
    }
    const nearest = nearestTo(d, best);
    if (nearest != tried) {
      tried = nearest;
      const point = new Place(way, unchecked(d.xs[nearest]), unchecked(d.ys[nearest]));
      if (point.isBelow(best)) {
        best = point;
        continue;
      }
    }
    if (near) break;
    const lower = shorten(way, best, end);
    if (!lower.isBelow(best)) break;
    best = lower;
  }
  return best;
}

/** Takes Newton's step. */
function aim(way: Descent, from: Place): void {
  if (from.here > 0.0) {
    // in the direction of the pull, in which the weight here holds against it all the way
    const u = from.pullU / from.pull;
    const v = from.pullV / from.pull;
    const length = from.rest / (u * u * from.uu + 2.0 * u * v * from.uv + v * v * from.vv);
    way.stepU = length * u;
    way.stepV = length * v;
  } else {
    const determinant = from.uu * from.vv - from.uv * from.uv;
    way.stepU = (from.vv * from.pullU - from.uv * from.pullV) / determinant;
    way.stepV = (from.uu * from.pullV - from.uv * from.pullU) / determinant;
  }
  const share = min(1.0, FAR / Math.sqrt(way.stepU * way.stepU + way.stepV * way.stepV));
  way.stepU *= share;
  way.stepV *= share;
}

/** The lower of Weiszfeld's step and Newton's, which went too far, shortened to where it may be level. */
function shorten(way: Descent, from: Place, end: Place): Place {
  const other = from.weiszfeld();
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const held = from.here * Math.sqrt(way.stepU * way.stepU + way.stepV * way.stepV);
    const fall = from.pullU * way.stepU + from.pullV * way.stepV - held;
    const rise = -end.pullU * way.stepU - end.pullV * way.stepV;
    // by a half at least, as one end tells little about the other past a point
    const share = min(0.5, max(0.02, fall / (fall + rise)));
    way.stepU *= share;
    way.stepV *= share;
    end = from.step(way.stepU, way.stepV);
    if (end.isBelow(other)) return end;
  }
  return other;
}

function nearestTo(d: Deviations, place: Place): i32 {
  const xs = d.xs;
  const ys = d.ys;
  let nearest = 0;
  let least = Infinity;
  for (let i = 0; i < d.n; i++) {
    const dx = unchecked(xs[i]) - place.x;
    const dy = unchecked(ys[i]) - place.y;
    const square = dx * dx + dy * dy;
    if (square >= least) continue;
    least = square;
    nearest = i;
  }
  return nearest;
}

/** Of points on a line: where half the weight lies on either side, the middle of such places where there are more. */
function medianAlong(d: Deviations): f64 {
  const positions = new StaticArray<f64>(d.n);
  const order = new StaticArray<i32>(d.n);
  for (let i = 0; i < d.n; i++) {
    unchecked((positions[i] = d.cosine * (d.xs[i] - d.meanX) + d.sine * (d.ys[i] - d.meanY)));
    unchecked((order[i] = i));
  }
  sortPairs(positions, order, 0, d.n - 1);
  const half = 0.5 * d.total;
  const apart = d.rounding * d.total;
  let at = 0;
  let sum = unchecked(d.weights[order[0]]);
  while (sum < half - apart) sum += unchecked(d.weights[order[++at]]);
  const next = sum <= half + apart ? at + 1 : at;
  return 0.5 * unchecked(positions[at]) + 0.5 * unchecked(positions[next]);
}
