import assert from "node:assert/strict";
import { knn, moranLocal, queen, type MoranLocal, type Weights } from "#dist/index.js";
import { allClose, close, failure } from "../support/assertions.js";
import { fixture } from "../support/fixtures.js";
import { generator, uniform } from "../support/random.js";
import { uneven } from "../support/weights.js";

/** Draws at least and at most the observed, recovered from the one-tailed p-values. */
function counts(
  y: Float64Array,
  w: Weights,
  permutations: number,
  seed: number,
): { greater: Float64Array; lesser: Float64Array } {
  const tail = (alternative: "greater" | "lesser"): Float64Array =>
    moranLocal(y, w, { inference: "permutation", permutations, seed, alternative }).p.map(
      (p) => p * (permutations + 1) - 1,
    );
  return { greater: tail("greater"), lesser: tail("lesser") };
}

/** The probability of drawing `ones` ones or more among k of `pool`, of which `total` are ones. */
function hypergeometricTail(pool: number, total: number, k: number, ones: number): number {
  const logFactorial = (m: number): number =>
    Array.from({ length: m }, (_, q) => Math.log(q + 1)).reduce((a, b) => a + b, 0);
  const logChoose = (a: number, b: number): number => logFactorial(a) - logFactorial(b) - logFactorial(a - b);
  let sum = 0;
  for (let m = Math.max(ones, k - (pool - total)); m <= Math.min(k, total); m++) {
    sum += Math.exp(logChoose(total, m) + logChoose(pool - total, k - m) - logChoose(pool, k));
  }
  return sum;
}

describe("moranLocal", () => {
  it("gives the known answers for CRIME in columbus", () => {
    const { geometry, column } = fixture("columbus");
    const { localI } = moranLocal(column("CRIME"), queen(geometry), { permutations: 0 });
    const known = [
      0.72178137855512448, 0.51798564564829375, 0.0919354204032012, 0.00472257955417109, 0.2974100813898054,
    ];
    known.forEach((value, i) => close(localI[i]!, value));
    close(
      localI.reduce((a, b) => a + b),
      24.0090507447773,
    );
  });

  it("gives the known answers for the death rates of nc_sids", () => {
    const { geometry, column } = fixture("nc_sids");
    const births = column("BIR79");
    const rates = column("SID79").map((deaths, i) => (1000 * deaths) / births[i]!);
    const { localI } = moranLocal(rates, queen(geometry), { permutations: 0 });
    const known = [
      -0.8613308097764534, -2.0461683060313902, -0.0753384320325605, 0.3258119842023434, -0.0916092892535059,
    ];
    known.forEach((value, i) => close(localI[i]!, value));
    close(
      localI.reduce((a, b) => a + b),
      14.1322918236354,
    );
  });

  it("gives lags as means of the neighbors, and NaN to islands", () => {
    const random = generator(2);
    const y = uniform(20, random);
    const w = uneven(20, random);
    const { lag, lagStd, localI, p, zScore, z } = moranLocal(y, w, { permutations: 99 });
    const row = (i: number): number[] => [...w.neighbors.subarray(w.offsets[i], w.offsets[i + 1])];
    allClose(
      lag.filter((_, i) => i !== 4),
      [...y.keys()].filter((i) => i !== 4).map((i) => row(i).reduce((s, j) => s + y[j]!, 0) / row(i).length),
    );
    for (const values of [lag, lagStd, localI, p, zScore]) assert.ok(Number.isNaN(values[4]));
    assert.ok(Number.isFinite(z[4]));
  });

  it("counts extreme draws as independent conditional permutations do, within 4.5 standard errors at every location", () => {
    const random = generator(31);
    const [n, permutations, seeds, draws] = [36, 999, 200, 100_000];
    const y = Float64Array.from({ length: n }, () => Math.exp(2 * random()));
    const w = uneven(n, random);
    const { z } = moranLocal(y, w, { permutations: 0 });

    // the slow twin: for every location, fresh draws from the others
    const truth = Array.from({ length: n }, (_, i) => {
      const row = w.neighbors.subarray(w.offsets[i], w.offsets[i + 1]);
      const observed = row.reduce((sum, j) => sum + z[j]!, 0) * Math.sign(z[i]!);
      const pool = [...Array(n).keys()].filter((j) => j !== i);
      let greater = 0;
      for (let draw = 0; draw < draws; draw++) {
        let sum = 0;
        for (let j = 0; j < row.length; j++) {
          const other = j + Math.floor(random() * (pool.length - j));
          [pool[j], pool[other]] = [pool[other]!, pool[j]!];
          sum += z[pool[j]!]!;
        }
        if (sum * Math.sign(z[i]!) >= observed - 1e-9) greater++;
      }
      return greater / draws;
    });

    const means = new Float64Array(n);
    for (let seed = 1; seed <= seeds; seed++) {
      counts(y, w, permutations, seed).greater.forEach((count, i) => (means[i]! += count / permutations / seeds));
    }
    let squares = 0;
    let compared = 0;
    for (let i = 0; i < n; i++) {
      const q = truth[i]!;
      if (i === 4 || q < 0.001 || q > 0.999) continue;
      const error = Math.sqrt(q * (1 - q) * (1 / (seeds * permutations) + 1 / draws));
      const score = (means[i]! - q) / error;
      assert.ok(Math.abs(score) < 4.5, `location ${i}: ${means[i]} should be ${q}, ${score} standard errors off`);
      squares += score * score;
      compared++;
    }
    assert.ok(squares / compared < 1.8, `mean squared score ${squares / compared} over ${compared} locations`);
  });

  it("counts ties in both tails, as the hypergeometric distribution of binary values says, whatever the order of neighbors", () => {
    const random = generator(8);
    const [n, permutations, seeds] = [40, 999, 200];
    const y = Float64Array.from({ length: n }, () => Number(random() < 0.3));
    const w = uneven(n, random);
    const ones = y.reduce((a, b) => a + b);
    const greater = new Float64Array(n);
    const lesser = new Float64Array(n);
    for (let seed = 1; seed <= seeds; seed++) {
      const count = counts(y, w, permutations, seed);
      count.greater.forEach((value, i) => (greater[i]! += value / permutations / seeds));
      count.lesser.forEach((value, i) => (lesser[i]! += value / permutations / seeds));
    }
    for (let i = 0; i < n; i++) {
      if (i === 4) continue;
      const row = w.neighbors.subarray(w.offsets[i], w.offsets[i + 1]);
      const observed = row.reduce((sum, j) => sum + y[j]!, 0);
      // the statistic rises with the neighbors' values where the location itself is high
      const atLeast = hypergeometricTail(n - 1, ones - y[i]!, row.length, observed);
      const atMost = 1 - hypergeometricTail(n - 1, ones - y[i]!, row.length, observed + 1);
      const [g, l] = y[i] === 1 ? [atLeast, atMost] : [atMost, atLeast];
      for (const [actual, q] of [
        [greater[i]!, g],
        [lesser[i]!, l],
      ] as const) {
        const error = Math.sqrt(Math.max(q * (1 - q), 1e-9) / (seeds * permutations));
        assert.ok(Math.abs(actual - q) < 4.5 * error + 1e-9, `location ${i}: ${actual} should be ${q}`);
      }
    }
    const reversed = { ...w, neighbors: w.neighbors.slice() };
    for (let i = 0; i < n; i++) reversed.neighbors.subarray(w.offsets[i], w.offsets[i + 1]).reverse();
    assert.deepEqual(moranLocal(y, reversed).p, moranLocal(y, w).p);
  });

  it("has the z-score of the closed form of conditional draws", () => {
    const random = generator(4);
    const n = 60;
    const y = uniform(n, random);
    const w = uneven(n, random);
    const { z, lagStd, zScore } = moranLocal(y, w, { permutations: 0 });
    for (let i = 0; i < n; i++) {
      const k = w.offsets[i + 1]! - w.offsets[i]!;
      if (k === 0) continue;
      // sampling without replacement from the n - 1 others: mean -z_i / (n - 1), variance of their population
      const mean = -z[i]! / (n - 1);
      const variance = (n - z[i]! ** 2) / (n - 1) - mean ** 2;
      const sd = Math.sqrt((variance / k) * ((n - 1 - k) / (n - 2)));
      const expected = (Math.sign(z[i]!) * (lagStd[i]! - mean)) / sd;
      close(zScore[i]!, expected, 1e-11);
    }
  });

  it("handles a location whose neighbors are all others: every draw ties", () => {
    const n = 6;
    const rows = Array.from({ length: n }, (_, i) => (i === 0 ? [1, 2, 3, 4, 5] : [0]));
    const offsets = new Int32Array(n + 1);
    rows.forEach((row, i) => (offsets[i + 1] = offsets[i]! + row.length));
    const { p, zScore } = moranLocal(Float64Array.of(3, 1, 4, 1, 5, 9), {
      n,
      offsets,
      neighbors: Int32Array.from(rows.flat()),
    });
    assert.equal(p[0], 1);
    assert.ok(Number.isNaN(zScore[0]));
  });

  it("gives p of at least 1 / (R + 1) in one tail, and at most 1", () => {
    const random = generator(6);
    const [xs, ys, y] = [uniform(500, random), uniform(500, random), uniform(500, random)];
    for (const alternative of ["two-sided", "greater", "lesser", "directed"] as const) {
      const { p } = moranLocal(y, knn(xs, ys, { k: 5 }), { inference: "permutation", permutations: 199, alternative });
      const floor = alternative === "two-sided" ? 2 / 200 : 1 / 200;
      assert.ok(p.every((one) => one >= floor && one <= 1));
    }
  });

  const bytes = (result: MoranLocal): string =>
    Object.values(result)
      .map((values: unknown) =>
        ArrayBuffer.isView(values) ? Buffer.from(values.buffer).toString("hex") : JSON.stringify(values),
      )
      .join();

  it("gives the same bytes for the same seed on one thread and on two, in several blocks, and others for another seed", () => {
    const random = generator(9);
    const [xs, ys, y] = [uniform(3000, random), uniform(3000, random), uniform(3000, random)];
    const w = knn(xs, ys, { k: 6 });
    const drawn = { inference: "permutation", permutations: 70_000 } as const;
    const one = bytes(moranLocal(y, w, { ...drawn, seed: 5 }));
    assert.equal(bytes(moranLocal(y, w, { ...drawn, seed: 5, threads: 2 })), one);
    assert.equal(bytes(moranLocal(y, w, { ...drawn, seed: 5, threads: 3 })), one);
    assert.notEqual(bytes(moranLocal(y, w, { ...drawn, seed: 6 })), one);
  });

  it("gives the same bytes on the checked and on the fast build", () => {
    const { geometry, column } = fixture("columbus");
    const before = process.env.DRIVESHAFT_KERNELS;
    try {
      const [checked, fast] = ["checked", "fast"].map((build) => {
        process.env.DRIVESHAFT_KERNELS = build;
        return bytes(moranLocal(column("CRIME"), queen(geometry)));
      });
      assert.equal(checked, fast);
    } finally {
      if (before === undefined) delete process.env.DRIVESHAFT_KERNELS;
      else process.env.DRIVESHAFT_KERNELS = before;
    }
  });

  it("refuses constant values, a diagonal, and weights out of range", () => {
    const y = Float64Array.of(1, 2, 3);
    const offsets = Int32Array.of(0, 1, 2, 3);
    const neighbors = Int32Array.of(1, 2, 0);
    assert.throws(
      () => moranLocal(Float64Array.of(2, 2, 2), { n: 3, offsets, neighbors }),
      failure("CONSTANT_VALUES", /every value is 2/),
    );
    assert.throws(
      () => moranLocal(y, { n: 3, offsets, neighbors, weights: y, diagonal: y }),
      failure("INVALID_WEIGHTS", /without a diagonal/),
    );
    assert.throws(
      () => moranLocal(y, { n: 3, offsets, neighbors: Int32Array.of(1, 3, 0) }),
      failure("INVALID_WEIGHTS", /location 1 has neighbor 3/),
    );
    assert.throws(
      () => moranLocal(y, { n: 3, offsets, neighbors: Int32Array.of(0, 2, 0) }),
      failure("INVALID_WEIGHTS", /its own neighbor/),
    );
    assert.throws(
      () => moranLocal(y, { n: 3, offsets: Int32Array.of(0, 2, 2, 3), neighbors: Int32Array.of(1, 1, 0) }),
      failure("INVALID_WEIGHTS", /neighbor 1 twice/),
    );
    assert.throws(
      () => moranLocal(y, { n: 3, offsets: Int32Array.of(0, 2, 1, 3), neighbors }),
      failure("INVALID_WEIGHTS", /descends after location 1/),
    );
  });
});
