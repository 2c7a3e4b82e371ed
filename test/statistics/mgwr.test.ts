import assert from "node:assert/strict";
import { gwr, mgwr, type Mgwr, type MgwrOptions } from "driveshaft";
import { allClose, close, failure } from "../support/assertions.js";
import { csvFixture } from "../support/fixtures.js";
import { generator, uniform } from "../support/random.js";

const georgia = csvFixture("georgia");
const [xs, ys, bachelors] = [georgia("X"), georgia("Y"), georgia("PctBach")];
const covariates = ["PctFB", "PctBlack", "PctRural"].map(georgia);
const ofGeorgia = (options: MgwrOptions): Mgwr => mgwr(bachelors, covariates, xs, ys, options);

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
type Matrix = number[][];
const times = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]!.map((_, j) => sum(row.map((value, m) => value * b[m]![j]!))));
const plus = (a: Matrix, b: Matrix, sign = 1): Matrix => a.map((row, i) => row.map((v, j) => v + sign * b[i]![j]!));

describe("mgwr", () => {
  it("finds the bandwidths of Georgia that are known, and their AICc", () => {
    const { bandwidths, inference, ended } = ofGeorgia({ bandwidthMin: 2, bandwidthMax: 159 });
    assert.deepEqual(bandwidths, [92, 101, 136, 158]);
    assert.equal(ended, "converged");
    close(inference!.aicc, 297.12013812258783, 1e-11);
    close(inference!.trS, 11.36825087269831, 1e-11);
  });

  it("is back-fitted to where smoothing on each variable changes nothing, and so is its hat matrix", () => {
    const random = generator(8);
    const n = 40;
    const [x, y, first, second] = Array.from({ length: 4 }, () => uniform(n, random)) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const dependent = uniform(n, random).map((noise, i) => noise + x[i]! * first[i]! + 2 * second[i]!);
    const bandwidths = [15, 20, 30];
    const result = mgwr(dependent, [first, second], x, y, {
      bandwidths,
      bandwidthMin: 12,
      standardize: false,
      tolerance: 1e-13,
      maxIterations: 2000,
    });
    const columns = [first.map(() => 1), first, second];
    // smoothers as matrices
    const smoothers = columns.map((column, v) =>
      [...column].map((_, i) => {
        const distances = [...x].map((_, j) => Math.hypot(x[i]! - x[j]!, y[i]! - y[j]!));
        const reach = distances.toSorted((a, b) => a - b)[bandwidths[v]! - 1]! * 1.0000001;
        const weights = distances.map((d) => (d < reach ? (1 - (d / reach) ** 2) ** 2 : 0));
        const squares = sum(weights.map((w, j) => w * column[j]! ** 2));
        return weights.map((w, j) => (column[i]! * w * column[j]!) / squares);
      }),
    );
    const identity = [...x].map((_, i) => [...x].map((_, j) => Number(i === j)));
    let parts = smoothers.map((rows) => rows.map((row) => row.map(() => 0)));
    for (let iteration = 0; iteration < 400; iteration++) {
      smoothers.forEach((smoother, v) => {
        const others = parts.filter((_, at) => at !== v).reduce((all, part) => plus(all, part));
        parts = parts.with(v, times(smoother, plus(identity, others, -1)));
      });
    }
    parts.forEach((part, v) => {
      const on = part.map((row) => sum(row.map((share, j) => share * dependent[j]!)));
      allClose(
        result.coefficients[v]!.map((b, i) => b * columns[v]![i]!),
        on,
        1e-8,
      );
      close(result.inference!.effectiveParameters[v]!, sum(part.map((row, i) => row[i]!)), 1e-8);
      const sigma2 = result.rss / (n - result.inference!.trS);
      const errors = part.map((row, i) => Math.sqrt(sigma2 * sum(row.map((share) => share ** 2))) / columns[v]![i]!);
      allClose(result.inference!.standardErrors[v]!, errors, 1e-7);
    });
  });

  it("is gwr of the standardised variables where it ends before it begins to change", () => {
    const { bandwidth } = ofGeorgia({ standardErrors: false, maxIterations: 1 });
    assert.equal(bandwidth, gwr(bachelors, covariates, xs, ys).bandwidth);
  });

  it("gives the same bytes on threads", () => {
    const some = (threads: number): Mgwr => ofGeorgia({ threads, maxIterations: 2 });
    assert.deepEqual(some(2), some(1));
  });

  it("says what ended it", () => {
    assert.equal(ofGeorgia({ maxIterations: 2, standardErrors: false }).ended, "iterations");
    const { ended, iterations, inference } = ofGeorgia({ maxSeconds: 1e-9, standardErrors: false });
    assert.deepEqual([ended, iterations, inference], ["seconds", 1, undefined]);
  });

  it("refuses bandwidths that are none, and collinear covariates", () => {
    const invalid = (message: RegExp, options: MgwrOptions): void =>
      assert.throws(() => ofGeorgia(options), failure("INVALID_PARAMETER", message));
    invalid(/there are 2 bandwidths, expected 4/, { bandwidths: [50, 60] });
    invalid(/a bandwidth is 160, expected a whole number of rows from 2 to 159/, { bandwidths: [50, 60, 70, 160] });
    invalid(/a bandwidth is 1, expected/, { bandwidthMin: 1 });
    invalid(/tolerance is 0, expected a number above 0/, { tolerance: 0 });
    assert.throws(
      () => mgwr(bachelors, [covariates[0]!, covariates[0]!], xs, ys),
      failure("INVALID_PARAMETER", /covariates\[1\] is a linear combination/),
    );
  });
});
