/**
 * The place with the least sum of weighted distances. Weiszfeld (1937; in English 2009, doi:10.1007/s10479-008-0352-z)
 * goes from anywhere to the mean of the points weighted by 1 / distance, which always lowers the sum, but may creep. So
 * Newton's step is tried first, and then the nearest point, as the median may be one: there its own weight holds
 * against the pull of the others, and where it is no less, this is the median: Vardi and Zhang (2000),
 * doi:10.1073/pnas.97.4.1423.
 */
import { cosine, meanX, meanY, n, onLine, rounding, sine, total, weights, xs, ys } from "./deviations";
import { sortPairs } from "./sort";

/** A Newton step of this length, in units near the extent, comes to its end: what is left is about its square. */
const NEAR: f64 = 1e-10;

/** Newton steps end here at the latest: further than any two points are from each other. */
const FAR: f64 = 4.0;

/** How often Newton's step is shortened. */
const TRIES: i32 = 3;

/** Passes over the points, at most; what they settle on is used as it is. Most need less than ten, few a hundred. */
const MOST_PASSES: i32 = 1000;

let passes: i32 = 0;

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
    public x: f64,
    public y: f64,
  ) {
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
    passes++;
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
    const apart = rounding * other.distances;
    if (Math.abs(this.distances - other.distances) <= apart) return this.rest < other.rest;
    return this.distances < other.distances;
  }

  /** The place at the end of a step. */
  step(u: f64, v: f64): Place {
    return new Place(this.x + cosine * u - sine * v, this.y + sine * u + cosine * v);
  }

  /** The end of Weiszfeld's step, shortened by the weight here. */
  weiszfeld(): Place {
    const share = this.rest / (this.pull * this.inverses);
    return this.step(share * this.pullU, share * this.pullV);
  }
}

export let medianX: f64 = 0.0;
export let medianY: f64 = 0.0;

/** Finds the median of the points that were taken, once their axes are known. */
export function findMedian(): void {
  if (onLine) {
    const u = medianAlong();
    medianX = meanX + cosine * u;
    medianY = meanY + sine * u;
  } else {
    const place = medianInPlane();
    medianX = place.x;
    medianY = place.y;
  }
}

function medianInPlane(): Place {
  passes = 0;
  let best = new Place(meanX, meanY);
  let tried = -1;
  while (best.rest > 0.0 && passes < MOST_PASSES) {
    aim(best);
    const end = best.step(stepU, stepV);
    const near = Math.sqrt(stepU * stepU + stepV * stepV) <= NEAR;
    if (end.isBelow(best)) {
      best = end;
      if (!near) continue;
    }
    const nearest = nearestTo(best);
    if (nearest != tried) {
      tried = nearest;
      const point = new Place(unchecked(xs[nearest]), unchecked(ys[nearest]));
      if (point.isBelow(best)) {
        best = point;
        continue;
      }
    }
    if (near) break;
    const lower = shorten(best, end);
    if (!lower.isBelow(best)) break;
    best = lower;
  }
  return best;
}

/** Newton's step, in the frame. */
let stepU: f64 = 0.0;
let stepV: f64 = 0.0;

function aim(from: Place): void {
  if (from.here > 0.0) {
    // in the direction of the pull, in which the weight here holds against it all the way
    const u = from.pullU / from.pull;
    const v = from.pullV / from.pull;
    const length = from.rest / (u * u * from.uu + 2.0 * u * v * from.uv + v * v * from.vv);
    stepU = length * u;
    stepV = length * v;
  } else {
    const determinant = from.uu * from.vv - from.uv * from.uv;
    stepU = (from.vv * from.pullU - from.uv * from.pullV) / determinant;
    stepV = (from.uu * from.pullV - from.uv * from.pullU) / determinant;
  }
  const share = min(1.0, FAR / Math.sqrt(stepU * stepU + stepV * stepV));
  stepU *= share;
  stepV *= share;
}

/** The lower of Weiszfeld's step and Newton's, which went too far, shortened to where it may be level. */
function shorten(from: Place, end: Place): Place {
  const other = from.weiszfeld();
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const held = from.here * Math.sqrt(stepU * stepU + stepV * stepV);
    const fall = from.pullU * stepU + from.pullV * stepV - held;
    const rise = -end.pullU * stepU - end.pullV * stepV;
    // by a half at least, as one end tells little about the other past a point
    const share = min(0.5, max(0.02, fall / (fall + rise)));
    stepU *= share;
    stepV *= share;
    end = from.step(stepU, stepV);
    if (end.isBelow(other)) return end;
  }
  return other;
}

function nearestTo(place: Place): i32 {
  let nearest = 0;
  let least = Infinity;
  for (let i = 0; i < n; i++) {
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
function medianAlong(): f64 {
  const positions = new StaticArray<f64>(n);
  const order = new StaticArray<i32>(n);
  for (let i = 0; i < n; i++) {
    unchecked((positions[i] = cosine * (xs[i] - meanX) + sine * (ys[i] - meanY)));
    unchecked((order[i] = i));
  }
  sortPairs(positions, order, 0, n - 1);
  const half = 0.5 * total;
  const apart = rounding * total;
  let at = 0;
  let sum = unchecked(weights[order[0]]);
  while (sum < half - apart) sum += unchecked(weights[order[++at]]);
  const next = sum <= half + apart ? at + 1 : at;
  return 0.5 * unchecked(positions[at]) + 0.5 * unchecked(positions[next]);
}
