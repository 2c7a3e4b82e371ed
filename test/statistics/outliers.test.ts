import assert from "node:assert/strict";
import { outlierMethods, outliers } from "#dist/index.js";
import { findAnalysis } from "#dist/analyses/index.js";
import { allClose, close, failure } from "../support/assertions.js";
import { runExample } from "../support/conformance.js";
import { fixture } from "../support/fixtures.js";

const values = Float64Array.of(2, 4, 4, 5, 6, 7, 9, 30, -11);
const sorted = [...values].sort((a, b) => a - b);
const found = (flags: Int32Array): number[] => [...values].filter((_, i) => flags[i] === 1);

describe("outliers", () => {
  it("by standard deviations are as far from the mean", () => {
    const mean = sorted.reduce((a, b) => a + b) / 9;
    const sd = Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 8);
    const result = outliers(values, { method: "standard_deviation", threshold: 1.5 });
    allClose(
      result.scores,
      values.map((value) => (value - mean) / sd),
    );
    assert.deepEqual(found(result.outliers), [30, -11]);
    close(result.upper!, mean + 1.5 * sd);
    close(result.lower!, mean - 1.5 * sd);
    const above = outliers(values, { method: "standard_deviation", threshold: 1.5, side: "above" });
    assert.deepEqual([found(above.outliers), above.lower], [[30], undefined]);
  });

  it("by the median absolute deviation are as far from the median", () => {
    // the median is 5, deviations are 0 1 1 1 2 3 4 16 25
    const result = outliers(values);
    allClose(
      result.scores,
      values.map((value) => (value - 5) / (1.482602218505602 * 2)),
    );
    assert.deepEqual(found(result.outliers), [30, -11]);
    assert.deepEqual(found(outliers(values, { side: "below" }).outliers), [-11]);
  });

  it("by hinges are beyond the quartiles", () => {
    // quartiles are 4 and 7
    const result = outliers(values, { method: "box" });
    allClose(result.scores, [-2 / 3, 0, 0, 0, 0, 0, 2 / 3, 23 / 3, -5]);
    assert.deepEqual(found(result.outliers), [30, -11]);
    assert.deepEqual([result.lower, result.upper], [-0.5, 11.5]);
    // of decimals that lie on a hinge but for rounding
    const decimals = Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.8);
    const quartiles = [0.225, 0.475];
    close(outliers(decimals, { method: "box" }).upper!, quartiles[1]! + 1.5 * (quartiles[1]! - quartiles[0]!));
    assert.deepEqual([...outliers(decimals, { method: "box", threshold: 1.3 }).outliers], [0, 0, 0, 0, 0, 0]);
  });

  it("by a share of the mean and by a number are above it, or below", () => {
    const percent = outliers(values, { method: "percent", threshold: 1 });
    allClose(
      percent.scores,
      values.map((value) => value / (56 / 9)),
    );
    assert.deepEqual(found(percent.outliers), [7, 9, 30]);
    assert.deepEqual(found(outliers(values, { method: "static", threshold: 7 }).outliers), [9, 30]);
    const below = outliers(values, { method: "static", threshold: 4, side: "below" });
    assert.deepEqual([found(below.outliers), below.lower, below.upper], [[2, -11], 4, undefined]);
    // a value that is the mean but for rounding is not above it
    assert.deepEqual(
      [...outliers(Float64Array.of(0.1, 0.2, 0.3), { method: "percent", threshold: 1 }).outliers],
      [0, 0, 1],
    );
  });

  it("are those of numpy for the crimes of Columbus", () => {
    const crimes = fixture("columbus").column("CRIME");
    const sd = outliers(crimes, { method: "standard_deviation", threshold: 2 });
    allClose(sd.scores.subarray(0, 3), [-1.1596185218302373, -0.9757936908868193, -0.2690663470779591]);
    const mad = outliers(crimes, { threshold: 2 });
    allClose(mad.scores.subarray(0, 3), [-0.8451488855421176, -0.7029049679690688, -0.15603833671232548]);
  });

  it("does not depend on an offset or a unit", () => {
    const moved = values.map((value) => 1e9 + value);
    for (const method of ["mad", "standard_deviation", "box"] as const) {
      allClose(outliers(moved, { method }).scores, outliers(values, { method }).scores);
    }
  });

  it("refuses what has no scale, and thresholds that are none", () => {
    const equal = Float64Array.of(3, 3, 3);
    for (const method of ["mad", "standard_deviation", "box"] as const) {
      assert.throws(() => outliers(equal, { method }), failure("CONSTANT_VALUES", /every value is 3/));
    }
    const half = Float64Array.of(3, 3, 3, 3, 8);
    assert.throws(() => outliers(half), failure("CONSTANT_VALUES", /half of the values or more are 3/));
    assert.throws(() => outliers(half, { method: "box" }), failure("CONSTANT_VALUES", /half of the values or more/));
    assert.throws(
      () => outliers(Float64Array.of(-1, 1), { method: "percent", threshold: 1 }),
      failure("INVALID_PARAMETER", /the mean of the values is 0/),
    );
    assert.throws(() => outliers(half, { threshold: -1 }), failure("INVALID_PARAMETER", /threshold is -1, expected/));
    assert.throws(
      () => outliers(half, { method: "static" }),
      failure("INVALID_PARAMETER", /threshold is undefined, expected a number with static/),
    );
    assert.throws(
      () => outliers(half, { method: "static", threshold: 1, side: "both" }),
      failure("INVALID_PARAMETER", /side is both/),
    );
    assert.throws(() => outliers(Float64Array.of(Infinity)), failure("INVALID_PARAMETER", /values\[0\] is Infinity/));
    for (const method of outlierMethods) {
      assert.throws(
        () => outliers(new Float64Array(0), { method, threshold: 1 }),
        failure("TOO_FEW_ROWS", /no values/),
      );
    }
  });

  it("says how many there are, and needs a threshold where none is usual", async () => {
    const analysis = findAnalysis("outliers");
    const { summary } = await runExample(analysis);
    assert.ok((summary.outliers as number) > 0);
    await assert.rejects(
      runExample({ ...analysis, example: { of: "counties", parameters: { value: "income", method: "static" } } }),
      failure("INVALID_PARAMETER", /threshold is missing, which static needs/),
    );
  });
});
