import assert from "node:assert/strict";
import { segment, type SegmentOptions } from "driveshaft";
import { boostingKernel } from "#dist/kernels/generated/boosting.js";
import { withKernel } from "#dist/kernels/load.js";
import { allClose, close, failure } from "../support/assertions.js";
import { generator, uniform } from "../support/random.js";

type Row = number[];
type Tree = { said: number } | { c: number; at: number; low: Tree; high: Tree };

/** The best tree for these rows, found by trying every split. */
function treeOf(rows: number[], x: Row[], r: number[], depth: number, least: number): Tree {
  const mean = rows.reduce((sum, i) => sum + r[i]!, 0) / rows.length;
  const squares = (of: number[]): number => {
    const center = of.reduce((sum, i) => sum + r[i]!, 0) / of.length;
    return of.reduce((sum, i) => sum + (r[i]! - center) ** 2, 0);
  };
  let best = { gain: 1e-12, c: -1, at: NaN };
  for (let c = 0; depth > 0 && c < x[0]!.length; c++) {
    const values = [...new Set(rows.map((i) => x[i]![c]!))].sort((a, b) => a - b);
    for (let v = 0; v + 1 < values.length; v++) {
      const at = (values[v]! + values[v + 1]!) / 2;
      const [low, high] = [rows.filter((i) => x[i]![c]! <= at), rows.filter((i) => x[i]![c]! > at)];
      if (low.length < least || high.length < least) continue;
      const gain = squares(rows) - squares(low) - squares(high);
      if (gain > best.gain + 1e-12) best = { gain, c, at };
    }
  }
  if (best.c < 0) return { said: mean };
  const part = (isLow: boolean): number[] => rows.filter((i) => x[i]![best.c]! <= best.at === isLow);
  const below = (isLow: boolean): Tree => treeOf(part(isLow), x, r, depth - 1, least);
  return { c: best.c, at: best.at, low: below(true), high: below(false) };
}

const say = (tree: Tree, row: Row): number =>
  "said" in tree ? tree.said : say(row[tree.c]! <= tree.at ? tree.low : tree.high, row);

/** Boosting without a sample, by definition: what it says of the rows and of others. */
function twin(
  y: Float64Array,
  columns: Float64Array[],
  others: Float64Array[],
  options: Required<Pick<SegmentOptions, "nEstimators" | "maxDepth" | "learningRate" | "minSamplesLeaf">>,
) {
  const rowsOf = (of: Float64Array[]): Row[] => Array.from(of[0]!, (_, i) => of.map((values) => values[i]!));
  const [x, elsewhere] = [rowsOf(columns), rowsOf(others)];
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  const predicted = x.map(() => mean);
  const targets = elsewhere.map(() => mean);
  for (let tree = 0; tree < options.nEstimators; tree++) {
    const residuals = Array.from(y, (value, i) => value - predicted[i]!);
    const grown = treeOf([...x.keys()], x, residuals, options.maxDepth, options.minSamplesLeaf);
    x.forEach((row, i) => (predicted[i]! += options.learningRate * say(grown, row)));
    elsewhere.forEach((row, i) => (targets[i]! += options.learningRate * say(grown, row)));
  }
  return { predicted, targets };
}

const everything = { subsample: 1, heldOut: 0 };

describe("segment", () => {
  /** A step of the first column, a slope of the second, and noise. */
  function rows(n: number, seed: number): { y: Float64Array; columns: Float64Array[] } {
    const random = generator(seed);
    const columns = [uniform(n, random), uniform(n, random), uniform(n, random)];
    const y = columns[0]!.map((value, i) => (value > 0.5 ? 4 : 0) + 2 * columns[1]![i]! + 0.1 * random());
    return { y, columns };
  }

  it("grows the trees that trying every split finds, with ties, of several depths and sizes of leaves", () => {
    for (const [n, maxDepth, minSamplesLeaf, steps] of [
      [40, 1, 1, 0],
      [60, 3, 1, 6],
      [50, 2, 7, 0],
      [30, 5, 2, 4],
    ] as const) {
      const { y, columns } = rows(n, n);
      const tied = columns.map((values) => (steps > 0 ? values.map((value) => Math.floor(value * steps)) : values));
      const others = rows(20, n + 1).columns.map((values) => values.map((value) => value * (steps || 1)));
      const options = { nEstimators: 8, maxDepth, minSamplesLeaf, learningRate: 0.3 };
      const expected = twin(y, tied, others, options);
      const result = segment(y, tied, { ...options, ...everything, targets: others });
      allClose(result.predicted, expected.predicted, 1e-10);
      allClose(result.targets!, expected.targets, 1e-10);
    }
  });

  it("is one split worked out by hand: the means of both sides, halfway between them", () => {
    const y = Float64Array.of(1, 2, 9, 10);
    const options = {
      ...everything,
      nEstimators: 1,
      maxDepth: 1,
      learningRate: 1,
      targets: [Float64Array.of(6.4, 6.6)],
    };
    const { predicted, targets, importances } = segment(y, [Float64Array.of(4, 5, 8, 9)], options);
    allClose(predicted, [1.5, 1.5, 9.5, 9.5]);
    // the split is at 6.5
    allClose(targets!, [1.5, 9.5]);
    assert.deepEqual([...importances], [1]);
  });

  it("splits between neighboring numbers, whose middle is one of them", () => {
    const next = 1 + Number.EPSILON;
    const options = { ...everything, nEstimators: 1, maxDepth: 1, learningRate: 1 };
    allClose(segment(Float64Array.of(0, 0, 6), [Float64Array.of(1, 1, next)], options).predicted, [0, 0, 6]);
  });

  it("learns what there is to learn: rows that are held out are predicted, and importances say by what", () => {
    const { y, columns } = rows(2000, 3);
    const { mse, r2, importances, trained, heldOut, predicted } = segment(y, columns, { nEstimators: 600 });
    assert.deepEqual([trained, heldOut], [1600, 400]);
    assert.ok(r2 > 0.98 && mse < 0.1, `${r2}, ${mse}`);
    assert.ok(importances[0]! > 0.7 && importances[1]! > 0.05 && importances[2]! < 0.01, String(importances));
    close(
      importances.reduce((sum, share) => sum + share, 0),
      1,
    );
    assert.ok(predicted.every(Number.isFinite));
  });

  it("draws samples of one size, each row in as many as another, and others for another seed", () => {
    const counts = new Float64Array(50);
    for (let seed = 0; seed < 400; seed++) {
      const chosen = withKernel(boostingKernel, ({ call, int32, readInt32 }) => {
        const into = int32(50);
        call.holdOut(20, seed, into);
        return readInt32(into);
      });
      assert.equal(
        chosen.reduce((sum, one) => sum + one, 0),
        20,
      );
      chosen.forEach((one, i) => (counts[i]! += one));
    }
    // binomial: 160 with a standard deviation of 9.8
    assert.ok(counts.every((count) => Math.abs(count - 160) < 45));
    const { y, columns } = rows(100, 4);
    const by = (seed: number): Float64Array => segment(y, columns, { nEstimators: 5, seed }).predicted;
    assert.deepEqual(by(1), by(1));
    assert.notDeepEqual(by(1), by(2));
  });

  it("takes what is not known to be the mean, predicts rows without y, and learns nothing from them", () => {
    const { y, columns } = rows(60, 5);
    const [first, ...others] = columns;
    const gappy = first!.map((value, i) => (i % 7 === 0 ? NaN : value));
    const known = gappy.filter((value) => !Number.isNaN(value));
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    const options = { ...everything, nEstimators: 20 };
    const filled = gappy.map((value) => (Number.isNaN(value) ? mean : value));
    const result = segment(y, [gappy, ...others], options);
    assert.deepEqual(result.predicted, segment(y, [filled, ...others], options).predicted);
    close(result.means[0]!, mean);
    const hidden = y.map((value, i) => (i >= 50 ? NaN : value));
    const partly = segment(hidden, columns, options);
    assert.equal(partly.trained, 50);
    const elsewhere = columns.map((values) => values.subarray(50));
    const alone = segment(
      y.subarray(0, 50),
      columns.map((values) => values.subarray(0, 50)),
      { ...options, targets: elsewhere },
    );
    assert.deepEqual(partly.predicted.subarray(50), alone.targets);
  });

  it("tells progress, and has no error of rows that are not held out", () => {
    const { y, columns } = rows(30, 6);
    const told: number[] = [];
    const { mse, r2 } = segment(y, columns, { ...everything, nEstimators: 50, progress: (share) => told.push(share) });
    assert.deepEqual(told, [0.4, 0.8, 1]);
    assert.ok(Number.isNaN(mse) && Number.isNaN(r2));
  });

  it("says the mean where nothing can be split", () => {
    const y = Float64Array.of(1, 2, 6);
    const { predicted, importances } = segment(y, [new Float64Array(3).fill(5)], { ...everything, nEstimators: 3 });
    allClose(predicted, [3, 3, 3]);
    assert.deepEqual([...importances], [0]);
  });

  it("refuses what cannot be learned from, and says why", () => {
    const { y, columns } = rows(10, 7);
    const refused = (code: string, message: RegExp, of: () => unknown): void =>
      assert.throws(of, failure(code, message));
    refused("INVALID_PARAMETER", /there are no covariates/, () => segment(y, []));
    refused("INVALID_PARAMETER", /covariates\[0\] has 9 values, but y 10/, () => segment(y, [columns[0]!.subarray(1)]));
    refused("INVALID_PARAMETER", /y\[0\] is Infinity/, () =>
      segment(
        y.map(() => Infinity),
        columns,
      ),
    );
    refused("INVALID_PARAMETER", /covariates\[0\] has no value/, () => segment(y, [y.map(() => NaN)]));
    refused("INVALID_PARAMETER", /targets have 1 columns, but there are 3/, () =>
      segment(y, columns, { targets: [y] }),
    );
    refused("INVALID_PARAMETER", /maxDepth is 11/, () => segment(y, columns, { maxDepth: 11 }));
    refused("INVALID_PARAMETER", /subsample is 0,/, () => segment(y, columns, { subsample: 0 }));
    refused("INVALID_PARAMETER", /heldOut is 1,/, () => segment(y, columns, { heldOut: 1 }));
    refused("INVALID_PARAMETER", /more than 33554432 nodes/, () =>
      segment(y, columns, { nEstimators: 50_000, maxDepth: 9 }),
    );
    refused("TOO_FEW_ROWS", /2 rows with a value, of which 1 are held out/, () =>
      segment(Float64Array.of(1, 2), [Float64Array.of(1, 2)], { heldOut: 0.5 }),
    );
    refused("CONSTANT_VALUES", /every value of y is 4/, () =>
      segment(
        y.map(() => 4),
        columns,
      ),
    );
  });
});
