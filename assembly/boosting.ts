/**
 * Regression trees, each fitted to what those before it leave: stochastic gradient boosting of squared errors. Friedman
 * (2001), doi:10.1214/aos/1013203451, and (2002), doi:10.1016/S0167-9473(01)00065-2.
 */
import { Training } from "./boosting/training";
import { Forest } from "./boosting/forest";
import { sampled } from "./boosting/sample";
export * from "./shared/host";

/** Trees of at most `depth` splits from root to leaf. */
export function createForest(trees: i32, depth: i32, covariates: i32): Forest {
  return new Forest(trees, depth, covariates);
}

/**
 * What trees are grown from.
 * @param columns covariates one after the other, of shape (p, n), finite
 * @param y of shape (n,), less its mean
 * @param leastInLeaf rows of a subsample in a leaf at least
 * @param depth as that of the forest
 */
export function createTraining(columns: Float64Array, y: Float64Array, leastInLeaf: i32, depth: i32): Training {
  return new Training(columns, y, leastInLeaf, depth);
}

/** Grows the next trees, each from `size` of the rows, drawn without replacement, and takes `rate` of each. */
export function growTrees(forest: Forest, training: Training, count: i32, size: i32, rate: f64, seed: f64): void {
  for (let tree = 0; tree < count; tree++) {
    // the first sequence of the stream has drawn the rows that are held out
    training.draw(size, seed, forest.grown + 1);
    training.grow(forest, rate);
  }
}

/** Adds what the trees say of rows to what stands there. */
export function predict(forest: Forest, columns: Float64Array, predicted: Float64Array): void {
  const n = predicted.length;
  const row = new StaticArray<f64>(forest.covariates);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < forest.covariates; c++) unchecked((row[c] = columns[c * n + i]));
    unchecked((predicted[i] += forest.at(row)));
  }
}

/** Writes by covariate the sum of squared errors that splits of it took away. */
export function gains(forest: Forest, sums: Float64Array): void {
  for (let c = 0; c < sums.length; c++) unchecked((sums[c] = forest.gains[c]));
}

/** Writes 1 for `size` of the rows, drawn without replacement, which are held out of the training, and 0 for others. */
export function holdOut(size: i32, seed: f64, chosen: Int32Array): void {
  sampled(chosen, size, seed, 0);
}
