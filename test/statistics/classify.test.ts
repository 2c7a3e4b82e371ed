import assert from "node:assert/strict";
import { classifications, classify } from "#dist/index.js";
import { findAnalysis } from "#dist/analyses/index.js";
import { allClose, close, failure } from "../support/assertions.js";
import { runExample } from "../support/conformance.js";
import { fixture } from "../support/fixtures.js";
import { generator, uniform } from "../support/random.js";

/** Sum of squared deviations from the mean, of whole numbers exactly. */
function squaresOf(values: number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

/** The least sum of squares within k classes of sorted values, by trying every end of the last. */
function leastWithin(sorted: number[], k: number): number {
  if (k === 1) return squaresOf(sorted);
  let least = Infinity;
  for (let begin = k - 1; begin < sorted.length; begin++) {
    least = Math.min(least, leastWithin(sorted.slice(0, begin), k - 1) + squaresOf(sorted.slice(begin)));
  }
  return least;
}

const ascending = (values: Iterable<number>): number[] => [...values].sort((a, b) => a - b);

describe("classify", () => {
  it("puts each value into the first class whose upper edge is not below it", () => {
    const values = uniform(200, generator(1)).map((value) => 1 / (value + 0.01));
    for (const method of classifications) {
      const { classes, breaks, counts, within, total } = classify(values, { method });
      assert.deepEqual([...breaks], ascending(breaks), method);
      assert.ok(breaks.at(-1) >= Math.max(...values));
      values.forEach((value, i) => assert.equal(classes[i], breaks.findIndex((edge) => value <= edge) + 1));
      const members = Array.from(breaks, (_, q) => [...values].filter((_, i) => classes[i] === q + 1));
      assert.deepEqual(
        [...counts],
        members.map((each) => each.length),
      );
      close(
        within,
        members.reduce((sum, each) => sum + squaresOf(each), 0),
      );
      close(total, squaresOf([...values]));
    }
  });

  it("by jenks has the least sum of squares there is, and largest members for edges", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = generator(seed);
      const values = uniform(8 + (seed % 6), random).map((value) => Math.floor(40 * value ** 3));
      const k = 2 + (seed % 3);
      const distinct = new Set(values).size;
      const { breaks, within } = classify(values, { method: "jenks", k });
      assert.equal(breaks.length, Math.min(k, distinct));
      assert.ok(breaks.every((edge) => values.includes(edge)));
      const least = distinct <= k ? 0 : leastWithin(ascending(values), k);
      assert.ok(Math.abs(within - least) <= 1e-9 * (1 + least), `seed ${seed}: ${within} should be ${least}`);
    }
  });

  it("by jenks finds narrow classes beside a value that is far away, and keeps its digits there", () => {
    const clusters = [0, 1, 2, 3].flatMap((cluster) => [0, 1, 2, 3, 4].map((i) => cluster + 0.01 * i * i));
    for (const far of [1e3, 1e9, 1e13]) {
      const values = Float64Array.from([...clusters, far, far + 1]);
      const { breaks } = classify(values, { method: "jenks", k: 5 });
      assert.deepEqual([...breaks], [0.16, 1.16, 2.16, 3.16, far + 1]);
    }
    // classes do not depend on the unit
    const values = uniform(100, generator(3));
    const { classes } = classify(values, { method: "jenks", k: 7 });
    for (const unit of [2 ** -450, 2 ** 450]) {
      assert.deepEqual(
        classify(
          values.map((value) => unit * value),
          { method: "jenks", k: 7 },
        ).classes,
        classes,
      );
    }
  });

  it("has the edges of numpy, and the best of all classes, for the crimes of Columbus", () => {
    const values = fixture("columbus").column("CRIME");
    const expected = {
      quantile: [19.0225762, 29.3259738, 39.025214, 53.1610332, 68.892044],
      equal_interval: [13.921024, 27.663779, 41.406534, 55.149289, 68.892044],
      standard_deviation: [1.6646397154997885, 18.396731806729488, 51.86091598918888, 68.59300808041858, 68.892044],
      box: [-22.7569705, 20.048504, 34.000835, 48.585487, 91.3909615],
      percentile: [0.20012244, 16.4417718, 34.000835, 56.9490544, 65.71607792, 68.892044],
      heads_tails: [35.12882389795919, 68.892044],
    };
    for (const [method, edges] of Object.entries(expected)) {
      allClose(classify(values, { method: method as "quantile" }).breaks, edges, 1e-12);
    }
    const jenks = classify(values, { method: "jenks" });
    allClose(jenks.breaks, [0.223797, 22.541491, 34.000835, 48.585487, 68.892044]);
    close(jenks.within, 601.1550970167535);
  });

  it("takes an edge that equals a value but for rounding for that value", () => {
    const values = Float64Array.from({ length: 11 }, (_, i) => 0.3 + i / 10);
    const { counts } = classify(values, { method: "equal_interval", k: 10 });
    assert.deepEqual([...counts], [2, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    // the mean of all is the second
    const heads = classify(Float64Array.of(0.1, 0.2, 0.3), { method: "heads_tails" });
    assert.deepEqual([...heads.classes], [1, 1, 2]);
  });

  it("parts heads from tails as long as the heads are few", () => {
    const values = Float64Array.from({ length: 64 }, (_, i) => 2 ** Math.floor(Math.log2(64 / (i + 1))));
    const { breaks } = classify(values, { method: "heads_tails" });
    const means: number[] = [];
    for (let head = [...values]; new Set(head).size > 1;) {
      const mean = head.reduce((a, b) => a + b) / head.length;
      const above = head.filter((value) => value > mean);
      means.push(mean);
      if (above.length > 0.4 * head.length) break;
      head = above;
    }
    allClose(breaks, [...means, 64]);
    assert.equal(classify(values, { method: "heads_tails", k: 2 }).breaks.length, 2);
    // of even values half are heads
    assert.equal(classify(uniform(99, generator(2)), { method: "heads_tails" }).breaks.length, 2);
  });

  it("has one class of equal values, and of one", () => {
    for (const method of classifications) {
      for (const values of [Float64Array.of(7, 7, 7), Float64Array.of(7)]) {
        const { classes, breaks, within } = classify(values, { method });
        assert.deepEqual([[...breaks], within], [[7], 0]);
        assert.ok(classes.every((one) => one === 1));
      }
      const [higher, lower] = classify(Float64Array.of(3, 1), { method }).classes;
      // both are within a standard deviation of their mean
      assert.ok(method === "standard_deviation" ? higher === lower : higher! > lower!, method);
    }
  });

  it("leaves quantile classes empty where values are equal, so that class q is always the q-th", () => {
    const { classes, counts } = classify(Float64Array.of(1, 2, 2, 2, 2, 2, 2, 3), { k: 4 });
    assert.deepEqual([...classes], [1, 1, 1, 1, 1, 1, 1, 4]);
    assert.deepEqual([...counts], [7, 0, 0, 1]);
  });

  it("refuses what is no number of classes, and values that are none", () => {
    const values = Float64Array.of(1, 2, 3);
    assert.throws(() => classify(values, { k: 0 }), failure("INVALID_PARAMETER", /k is 0, expected a whole number/));
    assert.throws(
      () => classify(values, { method: "box", k: 4 }),
      failure("INVALID_PARAMETER", /classes do not go with box/),
    );
    assert.throws(() => classify(Float64Array.of(1, NaN)), failure("INVALID_PARAMETER", /values\[1\] is NaN/));
    assert.throws(() => classify(Float64Array.of(1e200)), failure("INVALID_PARAMETER", /values\[0\] is 1e\+200/));
    assert.throws(() => classify(new Float64Array(0)), failure("TOO_FEW_ROWS", /there are no values/));
  });

  it("says how good the classes are, and what equal values do", async () => {
    const analysis = findAnalysis("classify");
    const { summary } = await runExample(analysis);
    const { breaks, counts, explained } = summary as unknown as Record<string, number[]> & { explained: number };
    assert.equal(breaks!.length, 4);
    assert.equal(
      counts!.reduce((a, b) => a + b),
      48,
    );
    assert.ok(explained > 0.8 && explained < 1);
    const { summary: two } = await runExample(analysis, { more: { value: "is_urban" } });
    assert.match(two.warnings.join(), /there are 2 distinct values, so there are no more classes/);
    const { summary: quantiles } = await runExample(analysis, { more: { value: "is_urban", method: "quantile" } });
    assert.match(quantiles.warnings.join(), /equal values leave 2 classes empty/);
    await assert.rejects(
      runExample(analysis, { more: { method: "box" } }),
      failure("INVALID_PARAMETER", /classes is 4, but method is box/),
    );
  });
});
