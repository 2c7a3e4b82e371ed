import assert from "node:assert/strict";
import { geary, knn, lee, moran, queen, type Weights } from "#dist/index.js";
import { close, failure } from "../support/assertions.js";
import { fixture } from "../support/fixtures.js";
import { generator, uniform } from "../support/random.js";

/** Moran's I and both analytical variances from the textbook formulas over a dense matrix. */
function twin(y: Float64Array, w: Weights): { i: number; varianceNormal: number; varianceRandom: number } {
  const n = y.length;
  const dense = Array.from({ length: n }, () => new Float64Array(n));
  for (let i = 0; i < n; i++) {
    for (let q = w.offsets[i]!; q < w.offsets[i + 1]!; q++) {
      dense[i]![w.neighbors[q]!] = w.weights ? w.weights[q]! : 1 / (w.offsets[i + 1]! - w.offsets[i]!);
    }
  }
  const mean = y.reduce((a, b) => a + b) / n;
  const d = y.map((value) => value - mean);
  let [s0, s1, s2, cross] = [0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    let [out, into] = [0, 0];
    for (let j = 0; j < n; j++) {
      const wij = dense[i]![j]!;
      const wji = dense[j]![i]!;
      s0 += wij;
      s1 += (wij + wji) ** 2 / 2;
      out += wij;
      into += wji;
      cross += wij * d[i]! * d[j]!;
    }
    s2 += (out + into) ** 2;
  }
  const m2 = d.reduce((a, b) => a + b * b, 0) / n;
  const k = d.reduce((a, b) => a + b ** 4, 0) / n / m2 ** 2;
  const e2 = (1 / (n - 1)) ** 2;
  return {
    i: cross / s0 / m2,
    varianceNormal: (n * n * s1 - n * s2 + 3 * s0 * s0) / ((n * n - 1) * s0 * s0) - e2,
    varianceRandom:
      (n * ((n * n - 3 * n + 3) * s1 - n * s2 + 3 * s0 * s0) - k * ((n * n - n) * s1 - 2 * n * s2 + 6 * s0 * s0)) /
        ((n - 1) * (n - 2) * (n - 3) * s0 * s0) -
      e2,
  };
}

describe("moran", () => {
  it("gives the known answers for CRIME in columbus", () => {
    const { geometry, column } = fixture("columbus");
    const result = moran(column("CRIME"), queen(geometry));
    close(result.i, 0.500188557182861);
    close(result.expected, -0.0208333333333333);
    close(result.varianceRandom, 0.00868928920133206);
    close(result.zRandom, 5.5893826750445);
    close(result.pRandom, 2.27878270078257e-8);
    close(result.varianceNormal, 0.008563413119405);
    close(result.zNormal, 5.63031278773818);
    close(result.pNormal, 1.79883099158906e-8);
  });

  it("gives the known answers for the death rates of nc_sids", () => {
    const { geometry, column } = fixture("nc_sids");
    const births = column("BIR79");
    const rates = column("SID79").map((deaths, i) => (1000 * deaths) / births[i]!);
    const result = moran(rates, queen(geometry));
    close(result.i, 0.14275042246096353);
    close(result.varianceRandom, 0.00418585255124948);
    close(result.zRandom, 2.36253118800042916);
    close(result.pRandom, 0.01815061413913518);
    close(result.varianceNormal, 0.00425295388399557);
    close(result.zNormal, 2.34381957263318697);
  });

  it("agrees with the dense formulas on random weights with islands, equal and unequal", () => {
    const random = generator(11);
    for (let trial = 0; trial < 20; trial++) {
      const n = 4 + Math.floor(random() * 30);
      const rows = Array.from({ length: n }, (_, i) =>
        [...Array(n).keys()].filter((j) => j !== i && random() < 0.2 && i % 7 !== 3),
      );
      if (rows.every((row) => row.length === 0)) continue;
      const neighbors = Int32Array.from(rows.flat());
      const offsets = Int32Array.from([0, ...rows.map((_, i) => rows.slice(0, i + 1).flat().length)]);
      const y = uniform(n, random);
      for (const weights of [undefined, uniform(neighbors.length, random)]) {
        const w: Weights = weights ? { n, offsets, neighbors, weights } : { n, offsets, neighbors };
        const expected = twin(y, w);
        const actual = moran(y, w, { permutations: 0 });
        for (const key of ["i", "varianceNormal", "varianceRandom"] as const) close(actual[key], expected[key], 1e-8);
      }
    }
  });

  it("draws permutations whose mean and spread are those under randomisation", () => {
    const { geometry, column } = fixture("columbus");
    const result = moran(column("CRIME"), queen(geometry), { permutations: 20_000 });
    // z_sim estimates z_random; the standard error of the sd alone is 0.5 % at 20,000 permutations
    close(result.zSim, result.zRandom, 0.025);
    assert.equal(result.pSim, 2 / 20_001);
  });

  it("gives the same bytes for the same seed, and others for another", () => {
    const random = generator(5);
    const [xs, ys, y] = [uniform(200, random), uniform(200, random), uniform(200, random)];
    const w = knn(xs, ys, { k: 4 });
    assert.deepEqual(moran(y, w, { seed: 7 }), moran(y, w, { seed: 7 }));
    assert.notEqual(moran(y, w, { seed: 7 }).zSim, moran(y, w, { seed: 8 }).zSim);
  });

  it("gives the same bytes on one thread and on three, as geary and lee do", () => {
    const random = generator(5);
    const [xs, ys, y] = [uniform(9000, random), uniform(9000, random), uniform(9000, random)];
    const w = knn(xs, ys, { k: 4 });
    for (const permutations of [1, 9, 99]) {
      const [one, three] = [1, 3].map((threads) => [
        moran(y, w, { permutations, threads }),
        geary(y, w, { permutations, threads }),
        lee(y, xs, w, { permutations, threads }),
      ]);
      assert.deepEqual(three, one);
    }
  });

  it("counts the tail that the alternative names", () => {
    const { geometry, column } = fixture("columbus");
    const w = queen(geometry);
    const p = (alternative: "greater" | "lesser" | "directed" | "two-sided"): number =>
      moran(column("CRIME"), w, { permutations: 99, alternative }).pSim;
    assert.deepEqual([p("greater"), p("lesser"), p("directed"), p("two-sided")], [0.01, 1, 0.01, 0.02]);
  });

  it("refuses values whose squares leave the range of numbers", () => {
    const w: Weights = { n: 3, offsets: Int32Array.of(0, 1, 2, 3), neighbors: Int32Array.of(1, 2, 0) };
    assert.throws(() => moran(Float64Array.of(0, 1e-200, 3e-200), w), failure("INVALID_PARAMETER", /comes out as 0/));
    assert.throws(
      () => moran(Float64Array.of(0, 1e200, 3e200), w),
      failure("INVALID_PARAMETER", /comes out as Infinity/),
    );
  });

  it("refuses too few, constant and non-finite values, weights of another size, and weights without a pair", () => {
    const w = (n: number): Weights => ({ n, offsets: new Int32Array(n + 1), neighbors: new Int32Array(0) });
    assert.throws(() => moran(Float64Array.of(1, 2), w(2)), failure("TOO_FEW_ROWS", /2 values, at least 3/));
    assert.throws(() => moran(new Float64Array(0), w(0)), failure("TOO_FEW_ROWS", /0 values/));
    assert.throws(() => moran(Float64Array.of(4, 4, 4), w(3)), failure("CONSTANT_VALUES", /every value is 4/));
    assert.throws(() => moran(Float64Array.of(4, NaN, 4), w(3)), failure("INVALID_PARAMETER", /y\[1\] is NaN/));
    assert.throws(() => moran(Float64Array.of(1, 2, 3), w(4)), failure("INVALID_WEIGHTS", /4 locations, but y has 3/));
    assert.throws(
      () => moran(Float64Array.of(1, 2, 3), w(3)),
      failure("INVALID_WEIGHTS", /no location has a neighbor/),
    );
    assert.throws(
      () => moran(Float64Array.of(1, 2, 3), w(3), { seed: -1 }),
      failure("INVALID_PARAMETER", /seed is -1, expected a whole number/),
    );
  });
});
