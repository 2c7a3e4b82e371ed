import { pairAt, setPair } from "../shared/vector";

/** What is around the cells of a place at all steps. */
@final
export class Surroundings {
  /** By step: the weighted sum of the values around the cell. */
  sums: Float64Array;
  /** Of the neighbors of the place: their number, the sum of their weights and of the squares. */
  k: i32 = 0;
  weight: f64 = 0.0;
  squares: f64 = 0.0;
  /** What the place weighs for itself, and the largest absolute value of it and its neighbors. */
  self: f64 = 0.0;
  largest: f64 = 0.0;
  /** By step: the weighted sum over the neighbors, and the place's own; then what windows are made of. */
  private near: Float64Array;
  private own: Float64Array;
  private windows: Float64Array;
  /** By place: its largest absolute value. */
  private highest: Float64Array;

  constructor(
    private x: Float64Array,
    private offsets: Int32Array,
    private neighbors: Int32Array,
    private weights: Float64Array | null,
    private selves: Float64Array,
    private steps: i32,
  ) {
    this.sums = new Float64Array(steps);
    this.near = new Float64Array(steps);
    this.own = new Float64Array(steps);
    this.windows = new Float64Array(steps);
    this.highest = new Float64Array(selves.length);
    for (let i = 0; i < selves.length; i++) {
      let highest = 0.0;
      for (let t = 0; t < steps; t++) highest = max(highest, Math.abs(unchecked(x[i * steps + t])));
      unchecked((this.highest[i] = highest));
    }
  }

  /**
   * Sums around the cells of a place: at its neighbors and itself, at the step and those before it; without `star` the
   * cell itself does not count.
   */
  sum(i: i32, stepsBack: i32, star: bool): void {
    const steps = this.steps;
    this.addNeighbors(i);
    for (let t = 0; t < steps; t++) unchecked((this.own[t] = this.self * this.x[i * steps + t]));
    addWindows(this.near, stepsBack + 1, this.sums);
    if (star) {
      addWindows(this.own, stepsBack + 1, this.windows);
      for (let t = 0; t < steps; t++) unchecked((this.sums[t] += this.windows[t]));
    } else if (stepsBack > 0) {
      addWindows(this.own, stepsBack, this.windows);
      for (let t = 1; t < steps; t++) unchecked((this.sums[t] += this.windows[t - 1]));
    }
  }

  private addNeighbors(i: i32): void {
    const steps = this.steps;
    const x = this.x;
    const near = this.near;
    const begin = unchecked(this.offsets[i]);
    const end = unchecked(this.offsets[i + 1]);
    const weights = this.weights;
    this.k = end - begin;
    this.weight = this.squares = 0.0;
    this.self = unchecked(this.selves[i]);
    this.largest = unchecked(this.highest[i]);
    near.fill(0.0);
    for (let q = begin; q < end; q++) {
      const weight = weights == null ? 1.0 / <f64>this.k : unchecked(weights[q]);
      const j = unchecked(this.neighbors[q]);
      this.weight += weight;
      this.squares += weight * weight;
      this.largest = max(this.largest, unchecked(this.highest[j]));
      const from = j * steps;
      const lanes = f64x2.splat(weight);
      for (let t = 0; t + 1 < steps; t += 2) {
        setPair(near, t, f64x2.add(pairAt(near, t), f64x2.mul(lanes, pairAt(x, from + t))));
      }
      if (steps & 1) unchecked((near[steps - 1] += weight * x[from + steps - 1]));
    }
  }
}

/**
 * Writes the sum of the last `width` elements up to each, of as many as there are; the series is used up. It is cut
 * into blocks of that width, and a window is the end of one and the beginning of the next: nothing is ever taken off a
 * sum, so that no rounding of a large value stays in it. van Herk (1992), doi:10.1016/0167-8655(92)90069-C.
 */
function addWindows(series: Float64Array, width: i32, sums: Float64Array): void {
  const steps = series.length;
  for (let begin = 0; begin < steps; begin += width) {
    const end = min(begin + width, steps);
    // from each element to the end of its block, then from the beginning of its block to each
    let sum = 0.0;
    for (let t = end - 1; t >= begin; t--) unchecked((sums[t] = sum += unchecked(series[t])));
    sum = 0.0;
    for (let t = begin; t < end; t++) unchecked((series[t] = sum += unchecked(series[t])));
  }
  for (let t = steps - 1; t >= 0; t--) {
    const begin = t + 1 - width;
    const isBlock = begin <= 0 || begin % width == 0;
    unchecked((sums[t] = isBlock ? series[t] : sums[begin] + series[t]));
  }
}
