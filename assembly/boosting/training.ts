import { sortPairs } from "../shared/sort";
import { Forest } from "./forest";
import { sampled } from "./sample";

/** Of a node's sum of squares, the share that a split has to take away at least: less is rounding. */
const LEAST_GAIN: f64 = 1e-14;

/**
 * Rows, sorted by each covariate once. A tree is grown level by level: one pass through each covariate in its order
 * finds the best split of all nodes of a level.
 */
@final
export class Training {
  n: i32;
  /** Number of covariates. */
  p: i32;
  /** What the trees so far leave of y. */
  residuals: StaticArray<f64>;
  /** By covariate, its values ascending and the rows that they are of: of all rows, and of those in the subsample. */
  private sorted: StaticArray<f64>;
  private order: StaticArray<i32>;
  private bagSorted: StaticArray<f64>;
  private bagOrder: StaticArray<i32>;
  /** Rows in the subsample: 1 of those that are, and how many there are. */
  private bag: Int32Array;
  private size: i32 = 0;
  /** By row: its node in the tree that is grown. */
  private nodeOf: StaticArray<i32>;
  private splits: Splits;

  constructor(
    private columns: Float64Array,
    y: Float64Array,
    private leastInLeaf: i32,
    depth: i32,
  ) {
    const n = (this.n = y.length);
    const p = (this.p = columns.length / n);
    const residuals = (this.residuals = new StaticArray<f64>(n));
    const sorted = (this.sorted = new StaticArray<f64>(p * n));
    const order = (this.order = new StaticArray<i32>(p * n));
    this.bagSorted = new StaticArray<f64>(p * n);
    this.bagOrder = new StaticArray<i32>(p * n);
    this.bag = new Int32Array(n);
    this.nodeOf = new StaticArray<i32>(n);
    this.splits = new Splits(1 << depth);
    for (let i = 0; i < n; i++) unchecked((residuals[i] = y[i]));
    for (let c = 0; c < p; c++) {
      for (let i = 0; i < n; i++) {
        unchecked((sorted[c * n + i] = columns[c * n + i]));
        unchecked((order[c * n + i] = i));
      }
      sortPairs(sorted, order, c * n, (c + 1) * n - 1);
    }
  }

  /** Chooses the rows that the next tree is grown from. */
  draw(size: i32, seed: f64, sequence: i32): void {
    const n = this.n;
    sampled(this.bag, size, seed, sequence);
    this.size = size;
    for (let c = 0; c < this.p; c++) {
      // rows that are not in it are overwritten by the next
      let to = c * size;
      for (let at = c * n; at < (c + 1) * n; at++) {
        const row = unchecked(this.order[at]);
        if (to == (c + 1) * size) break;
        unchecked((this.bagOrder[to] = row));
        unchecked((this.bagSorted[to] = this.sorted[at]));
        to += unchecked(this.bag[row]);
      }
    }
  }

  /** Grows a tree from these rows, and takes `rate` of what it says off all of them. */
  grow(forest: Forest, rate: f64): void {
    const root = forest.grown * forest.nodes;
    for (let node = 0; node < forest.nodes; node++) unchecked((forest.covariate[root + node] = -1));
    memory.fill(changetype<usize>(this.nodeOf), 0, <usize>this.n << 2);
    const splits = this.splits;
    for (let level = 0; level <= forest.depth; level++) {
      this.level(splits, level);
      if (level < forest.depth) for (let c = 0; c < this.p; c++) this.search(c, splits);
      if (!this.descend(forest, root, splits, rate)) break;
    }
    for (let i = 0; i < this.n; i++) unchecked((this.residuals[i] -= forest.value[root + this.nodeOf[i]]));
    forest.grown++;
  }

  /** Begins a level: what the rows of its nodes sum to. */
  private level(splits: Splits, level: i32): void {
    splits.begin(level);
    for (let i = 0; i < this.n; i++) {
      const at = unchecked(this.nodeOf[i]) - splits.first;
      if (at < 0 || unchecked(this.bag[i]) == 0) continue;
      const residual = unchecked(this.residuals[i]);
      unchecked((splits.counts[at] += 1));
      unchecked((splits.sums[at] += residual));
      unchecked((splits.squares[at] += residual * residual));
    }
  }

  /** Looks for better splits by a covariate. */
  private search(c: i32, splits: Splits): void {
    splits.restart();
    const first = splits.first;
    const least = this.leastInLeaf;
    for (let q = c * this.size; q < (c + 1) * this.size; q++) {
      const row = unchecked(this.bagOrder[q]);
      const at = unchecked(this.nodeOf[row]) - first;
      if (at < 0) continue;
      const value = unchecked(this.bagSorted[q]);
      const left = unchecked(splits.leftCounts[at]);
      if (left >= least && value > unchecked(splits.last[at])) splits.consider(at, c, value, least);
      unchecked((splits.leftCounts[at] = left + 1));
      unchecked((splits.leftSums[at] += this.residuals[row]));
      unchecked((splits.last[at] = value));
    }
  }

  /** Sends rows to the nodes below theirs; nodes without a split are leaves. Whether there are nodes below. */
  private descend(forest: Forest, root: i32, splits: Splits, rate: f64): bool {
    let isSplit = false;
    for (let at = 0; at < splits.count; at++) {
      const node = root + splits.first + at;
      const c = unchecked(splits.covariate[at]);
      if (c >= 0) {
        isSplit = true;
        unchecked((forest.covariate[node] = c));
        unchecked((forest.value[node] = splits.threshold[at]));
        unchecked((forest.gains[c] += splits.gain[at]));
      } else {
        const count = unchecked(splits.counts[at]);
        unchecked((forest.value[node] = count == 0 ? 0.0 : (rate * splits.sums[at]) / <f64>count));
      }
    }
    if (!isSplit) return false;
    for (let i = 0; i < this.n; i++) {
      const node = unchecked(this.nodeOf[i]);
      if (node < splits.first) continue;
      const c = unchecked(forest.covariate[root + node]);
      if (c < 0) continue;
      const isRight = unchecked(this.columns[c * this.n + i]) > unchecked(forest.value[root + node]);
      unchecked((this.nodeOf[i] = 2 * node + 1 + <i32>isRight));
    }
    return true;
  }
}

/** The nodes of a level and the best split of each so far. */
@final
class Splits {
  /** Rows in the subsample, and the sums of their residuals and of the squares. */
  counts: StaticArray<i32>;
  sums: StaticArray<f64>;
  squares: StaticArray<f64>;
  /** While a covariate is gone through: how many rows of the node have come, their sum, and the last value. */
  leftCounts: StaticArray<i32>;
  leftSums: StaticArray<f64>;
  last: StaticArray<f64>;
  /** By how much the best split lowers the sum of squares; its covariate, -1 where there is none, and where it is. */
  gain: StaticArray<f64>;
  covariate: StaticArray<i32>;
  threshold: StaticArray<f64>;

  /** Number of the first node, and how many there are. */
  first: i32 = 0;
  count: i32 = 0;

  /** @param most nodes of a level */
  constructor(most: i32) {
    this.counts = new StaticArray<i32>(most);
    this.sums = new StaticArray<f64>(most);
    this.squares = new StaticArray<f64>(most);
    this.leftCounts = new StaticArray<i32>(most);
    this.leftSums = new StaticArray<f64>(most);
    this.last = new StaticArray<f64>(most);
    this.gain = new StaticArray<f64>(most);
    this.covariate = new StaticArray<i32>(most);
    this.threshold = new StaticArray<f64>(most);
  }

  begin(level: i32): void {
    this.count = 1 << level;
    this.first = this.count - 1;
    for (let at = 0; at < this.count; at++) {
      unchecked((this.counts[at] = 0));
      unchecked((this.sums[at] = this.squares[at] = this.gain[at] = 0.0));
      unchecked((this.covariate[at] = -1));
    }
  }

  /** Begins a covariate. */
  restart(): void {
    for (let at = 0; at < this.count; at++) {
      unchecked((this.leftCounts[at] = 0));
      unchecked((this.leftSums[at] = 0.0));
    }
  }

  /** The split between the last value and the next: is it better than the best so far? */
  // @ts-ignore: decorator
  @inline
  consider(at: i32, c: i32, next: f64, least: i32): void {
    const left = <f64>unchecked(this.leftCounts[at]);
    const right = <f64>unchecked(this.counts[at]) - left;
    if (right < <f64>least) return;
    const sum = unchecked(this.leftSums[at]);
    const difference = sum / left - (unchecked(this.sums[at]) - sum) / right;
    const gain = difference * difference * ((left * right) / (left + right));
    if (gain <= unchecked(this.gain[at]) || gain <= LEAST_GAIN * unchecked(this.squares[at])) return;
    const last = unchecked(this.last[at]);
    const middle = last + (next - last) * 0.5;
    unchecked((this.gain[at] = gain));
    unchecked((this.covariate[at] = c));
    // of two neighboring numbers the middle may be the upper one
    unchecked((this.threshold[at] = middle < next ? middle : last));
  }
}
