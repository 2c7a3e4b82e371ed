import assert from "node:assert/strict";
import { barycentric, idw, nearestMean, type Samples, type Targets } from "driveshaft";
import { allClose, close, failure } from "../support/assertions.js";
import { flatSets, pointSets } from "../support/point-sets.js";
import { generator, uniform } from "../support/random.js";

const random = generator(5);
const samplesOf = ({ xs, ys }: { xs: Float64Array; ys: Float64Array }): Samples => ({
  xs,
  ys,
  values: xs.map((x, i) => Math.round(20 * (x - ys[i]! + random()))),
});
const targets: Targets = { xs: uniform(150, random), ys: uniform(150, random) };

/** Distances in the plane, or along the sphere in turns of the same length. */
function distance(x: number, y: number, px: number, py: number, greatCircle: boolean): number {
  if (!greatCircle) return Math.hypot(px - x, py - y);
  const [a, b, turn] = [y, py, px - x].map((degrees) => (degrees * Math.PI) / 180) as [number, number, number];
  const half = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(turn / 2) ** 2;
  return 2 * Math.asin(Math.sqrt(half));
}

/** By the definition: the nearest rows, then the weighted mean. */
function slow(samples: Samples, at: Targets, k: number, power: number, greatCircle: boolean): Float64Array {
  return at.xs.map((x, target) => {
    const rows = Array.from(samples.xs, (px, i) => ({
      i,
      d: distance(x, at.ys[target]!, px, samples.ys[i]!, greatCircle),
    }));
    const near = rows.sort((a, b) => a.d - b.d || a.i - b.i).slice(0, k);
    const there = near.filter(({ d }) => d === 0);
    const weights = there.length > 0 && power > 0 ? there.map(() => 1) : near.map(({ d }) => d ** -power);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const counted = there.length > 0 && power > 0 ? there : near;
    return counted.reduce((sum, { i }, q) => sum + (weights[q]! / total) * samples.values[i]!, 0);
  });
}

describe("interpolation", () => {
  const samples = samplesOf(pointSets["at random"]!);

  for (const greatCircle of [false, true]) {
    it(`by inverse distances ${greatCircle ? "on the sphere" : "in the plane"} is that of the nearest rows only`, () => {
      for (const neighbors of [1, 5, 12, "all"] as const) {
        for (const power of [0.5, 2, 3.7]) {
          const k = neighbors === "all" ? samples.xs.length : neighbors;
          const expected = slow(samples, targets, k, power, greatCircle);
          allClose(idw(samples, targets, { neighbors, power, greatCircle }), expected);
        }
      }
      allClose(nearestMean(samples, targets, { neighbors: 4, greatCircle }), slow(samples, targets, 4, 0, greatCircle));
    });
  }

  it("takes as many rows as there are, where more are asked for", () => {
    const all = idw(samples, targets, { neighbors: "all" });
    assert.deepEqual(idw(samples, targets, { neighbors: 1000 }), all);
  });

  it("at rows is their value, the mean of those that coincide", () => {
    const twice: Samples = {
      xs: Float64Array.of(0, 1, 0, 2),
      ys: Float64Array.of(0, 0, 0, 1),
      values: Float64Array.of(1, 5, 2, 9),
    };
    const at = { xs: Float64Array.of(0, 1), ys: Float64Array.of(0, 0) };
    assert.deepEqual([...idw(twice, at)], [1.5, 5]);
    assert.deepEqual([...idw(twice, at, { neighbors: "all", power: 100 })], [1.5, 5]);
    assert.deepEqual([...barycentric(twice, at).predicted], [1.5, 5]);
    assert.deepEqual([...nearestMean(twice, at)], [1, 5]);
  });

  it("has no infinite weights, however near or far rows are", () => {
    const spread: Samples = {
      xs: Float64Array.of(0, 1e-140, 1e140),
      ys: new Float64Array(3),
      values: Float64Array.of(1, 2, 3),
    };
    const at = { xs: Float64Array.of(1e-120, 1e100), ys: new Float64Array(2) };
    for (const power of [2, 100]) allClose(idw(spread, at, { power }), [1.5, 1.5]);
  });

  for (const [name, points] of Object.entries(pointSets)) {
    it(`by triangles between points ${name} is linear in the triangle that a target is in`, () => {
      const own = samplesOf(points);
      const { predicted, tin } = barycentric(own, targets);
      const { triangles } = tin.triangulation;
      predicted.forEach((value, target) => {
        const [x, y] = [targets.xs[target]!, targets.ys[target]!];
        let expected = NaN;
        for (let t = 0; t < triangles.length && Number.isNaN(expected); t += 3) {
          const [a, b, c] = [triangles[t]!, triangles[t + 1]!, triangles[t + 2]!];
          const area = (p: number, q: number): number =>
            (own.xs[p]! - x) * (own.ys[q]! - y) - (own.ys[p]! - y) * (own.xs[q]! - x);
          const weights = [area(b, c), area(c, a), area(a, b)] as const;
          if (Math.min(...weights) < 0) continue;
          const total = weights[0] + weights[1] + weights[2];
          expected = [a, b, c].reduce((sum, corner, w) => sum + (weights[w]! / total) * tin.values[corner]!, 0);
        }
        // beside a border both may be
        if (Number.isNaN(value) || Number.isNaN(expected)) assert.equal(value, expected);
        else close(value + 100, expected + 100, 1e-6);
      });
    });
  }

  it("by triangles keeps a plane, and the values of rows", () => {
    const { xs, ys } = pointSets["at random"]!;
    const plane = { xs, ys, values: xs.map((x, i) => 3 * x - ys[i]!) };
    const { predicted } = barycentric(plane, targets);
    predicted.forEach((value, i) => {
      if (!Number.isNaN(value)) close(value + 10, 3 * targets.xs[i]! - targets.ys[i]! + 10);
    });
    assert.deepEqual(barycentric(plane, { xs, ys }).predicted, plane.values);
  });

  it("refuses what it can make nothing of", () => {
    assert.throws(() => idw(samples, targets, { power: 0 }), failure("INVALID_PARAMETER", /power is 0/));
    assert.throws(() => idw(samples, targets, { neighbors: 0 }), failure("INVALID_PARAMETER", /neighbors is 0/));
    const { xs, ys } = flatSets["on a slanting line"]!;
    assert.throws(() => barycentric({ xs, ys, values: xs }, targets), failure("INVALID_GEOMETRY", /on a line/));
    const none = new Float64Array(0);
    assert.throws(() => idw({ xs: none, ys: none, values: none }, targets), failure("TOO_FEW_ROWS", /no values/));
    assert.throws(() => idw({ ...samples, values: none }, targets), failure("TOO_FEW_ROWS", /no values/));
    assert.throws(
      () => idw({ ...samples, values: samples.values.with(3, NaN) }, targets),
      failure("INVALID_PARAMETER", /values\[3\]/),
    );
    assert.equal(idw(samples, { xs: none, ys: none }).length, 0);
  });
});
