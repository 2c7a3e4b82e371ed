import assert from "node:assert/strict";
import { losh, queen, type Weights } from "driveshaft";
import { autocorrelationKernel } from "#dist/kernels/generated/autocorrelation.js";
import { withKernel } from "#dist/kernels/load.js";
import { allClose, close, failure } from "../support/assertions.js";
import { fixture } from "../support/fixtures.js";
import { generator, uniform } from "../support/random.js";
import { row, uneven, weighted } from "../support/weights.js";

const chiSquared = (x: number, df: number): number =>
  withKernel(autocorrelationKernel, ({ call }) => call.chiSquaredUpper(x, df));
const normal = (z: number): number => withKernel(autocorrelationKernel, ({ call }) => call.normalUpper(z));

/** The formulas of Ord and Getis (2012), said plainly. */
function twin(y: Float64Array, w: Weights, power: number): { h: number; variance: number }[] {
  const n = y.length;
  const lag = (values: number[], i: number): { sum: number; total: number; squares: number } => {
    const { neighbors, weights } = row(w, i);
    const own = w.diagonal?.[i] ?? 0;
    return {
      sum: neighbors.reduce((s, j, q) => s + weights[q]! * values[j]!, own * values[i]!),
      total: weights.reduce((s, v) => s + v, own),
      squares: weights.reduce((s, v) => s + v * v, own * own),
    };
  };
  const e = Array.from(y, (value, i) => {
    const { sum, total } = lag([...y], i);
    return total > 0 ? Math.abs(value - sum / total) ** power : 0;
  });
  const h1 = e.reduce((s, v) => s + v) / n;
  const h2 = e.reduce((s, v) => s + v * v, 0) / n;
  return e.map((_, i) => {
    const { sum, total, squares } = lag(e, i);
    return {
      h: sum / (h1 * total),
      variance: (1 / (n - 1)) * (1 / (h1 * total)) ** 2 * (h2 - h1 ** 2) * (n * squares - total ** 2),
    };
  });
}

describe("losh", () => {
  it("agrees with the plain formulas, with and without a diagonal, and leaves islands out", () => {
    const random = generator(5);
    const y = uniform(30, random);
    const plain = uneven(30, random);
    const heavy = { ...weighted(plain, random), diagonal: uniform(30, random) };
    for (const w of [plain, weighted(plain, random), heavy]) {
      for (const power of [1, 2]) {
        const { h, variance, chiSquared: statistic, p } = losh(y, w, { power });
        const expected = twin(y, w, power);
        const others = [...y.keys()].filter((i) => i !== 4);
        allClose(
          others.map((i) => h[i]!),
          others.map((i) => expected[i]!.h),
          1e-12,
        );
        allClose(
          others.map((i) => variance[i]!),
          others.map((i) => expected[i]!.variance),
          1e-12,
        );
        for (const i of others) close(p[i]!, chiSquared(statistic[i]!, 2 / variance[i]!));
        assert.ok([h, variance, statistic, p].every((values) => Number.isNaN(values[4])));
      }
    }
  });

  it("has p-values that find the border of two plateaus in columbus' shape", () => {
    const { geometry, column } = fixture("columbus");
    const y = column("CRIME").map((crime, i) => (crime > 35 ? 100 : 0) + (i % 3));
    const { h, p } = losh(y, queen(geometry));
    const most = [...h.keys()].sort((a, b) => h[b]! - h[a]!)[0]!;
    assert.ok(p[most]! < 0.2 && h[most]! > 1.5);
  });

  it("refuses a power that is none", () => {
    assert.throws(
      () => losh(Float64Array.of(1, 2, 3), queen(fixture("columbus").geometry)),
      failure("INVALID_WEIGHTS", /weights are for 49 locations, but y has 3/),
    );
    const { geometry, column } = fixture("columbus");
    assert.throws(
      () => losh(column("CRIME"), queen(geometry), { power: 0 }),
      failure("INVALID_PARAMETER", /power is 0/),
    );
  });
});

describe("the chi-squared distribution", () => {
  it("is the exponential one for 2 degrees of freedom, and the square of the normal one for 1", () => {
    for (const x of [1e-6, 0.1, 1, 2.5, 10, 60, 300]) {
      close(chiSquared(x, 2), Math.exp(-x / 2), 1e-12);
      close(chiSquared(x, 1), 2 * normal(Math.sqrt(x)), 1e-11);
    }
  });

  it("follows the recurrence in its degrees of freedom, also for fractions", () => {
    // Q(a + 1, x) = Q(a, x) + x^a e^-x / gamma(a + 1), by three steps from a
    for (const df of [0.3, 1.7, 5.5, 40]) {
      for (const x of [0.5 * df, df, 3 * df]) {
        const [q0, q1, q2] = [0, 2, 4].map((more) => chiSquared(x, df + more)) as [number, number, number];
        close((q2 - q1) / (q1 - q0), x / 2 / (df / 2 + 1), 1e-6);
      }
    }
  });
});
