import assert from "node:assert/strict";
import { ols, queen, type Ols, type Weights } from "driveshaft";
import { regressionKernel } from "#dist/kernels/generated/regression.js";
import { withKernel } from "#dist/kernels/load.js";
import { allClose, close, failure } from "../support/assertions.js";
import { fixture } from "../support/fixtures.js";
import { generator, uniform } from "../support/random.js";
import { row, uneven, weighted } from "../support/weights.js";

const fUpper = (f: number, between: number, within: number): number =>
  withKernel(regressionKernel, ({ call }) => call.fUpper(f, between, within));

type Matrix = number[][];

const times = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, value, m) => sum + value * b[m]![j]!, 0)));
const transposed = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map((row) => row[j]!));
const trace = (a: Matrix): number => a.reduce((sum, row, i) => sum + row[i]!, 0);
const less = (a: Matrix, b: Matrix): Matrix => a.map((row, i) => row.map((value, j) => value - b[i]![j]!));
const identity = (n: number): Matrix =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => +(i === j)));

/** By Gauss and Jordan, with the largest pivot. */
function inverse(a: Matrix): Matrix {
  const n = a.length;
  const rows = a.map((row, i) => [...row, ...identity(n)[i]!]);
  for (let c = 0; c < n; c++) {
    const from = rows
      .slice(c)
      .reduce((best, row, at) => (Math.abs(row[c]!) > Math.abs(rows[best]![c]!) ? c + at : best), c);
    [rows[c], rows[from]] = [rows[from]!, rows[c]!];
    rows[c] = rows[c]!.map((value) => value / rows[c]![c]!);
    for (let r = 0; r < n; r++) {
      const factor = rows[r]![c]!;
      if (r !== c) rows[r] = rows[r]!.map((value, j) => value - factor * rows[c]![j]!);
    }
  }
  return rows.map((row) => row.slice(n));
}

/** The hat matrix of columns and a constant. */
function hat(columns: number[][]): { hat: Matrix; x: Matrix; inverse: Matrix } {
  const x = columns[0]!.map((_, i) => [1, ...columns.map((column) => column[i]!)]);
  const crossed = inverse(times(transposed(x), x));
  return { hat: times(times(x, crossed), transposed(x)), x, inverse: crossed };
}

const dot = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const on = (a: Matrix, v: number[]): number[] => a.map((row) => dot(row, v));
const mean = (v: number[]): number => v.reduce((sum, value) => sum + value, 0) / v.length;
const about = (v: number[]): number => dot(v, v) - v.length * mean(v) ** 2;

/** The formulas as they are printed, with matrices of n by n. */
function twin(y: number[], covariates: number[][], w: Matrix) {
  const n = y.length;
  const k = covariates.length + 1;
  const { hat: h, x, inverse: crossed } = hat(covariates);
  const m = less(identity(n), h);
  const e = on(m, y);
  const rss = dot(e, e);
  const [b, s2] = [on(times(crossed, transposed(x)), y), rss / n];
  const r2 = (of: number[], columns: number[][]): number => about(on(hat(columns).hat, of)) / about(of);
  const squares = e.map((value) => value * value);
  const products = covariates.flatMap((one, i) =>
    covariates.slice(i).map((other) => one.map((v, at) => v * other[at]!)),
  );
  const moment = (power: number): number => mean(e.map((value) => value ** power)) / s2 ** (power / 2);
  const t = trace(times(transposed(w), w)) + trace(times(w, w));
  const [d, l] = [dot(e, on(w, e)) / s2, dot(e, on(w, y)) / s2];
  const lagged = on(w, on(h, y));
  const j = t + dot(lagged, on(m, lagged)) / s2;
  const s0 = w.flat().reduce((sum, value) => sum + value, 0);
  const mw = times(m, w);
  const expected = ((n / s0) * trace(mw)) / (n - k);
  const square = trace(times(mw, times(m, transposed(w)))) + trace(times(mw, mw)) + trace(mw) ** 2;
  return {
    b,
    errors: crossed.map((row, i) => Math.sqrt((row[i]! * rss) / (n - k))),
    vif: covariates.map((of, i) =>
      covariates.length > 1
        ? 1 /
          (1 -
            r2(
              of,
              covariates.filter((_, at) => at !== i),
            ))
        : 1,
    ),
    e,
    influence: h.map((row, i) => row[i]!),
    r2: 1 - rss / about(y),
    jarqueBera: (n / 6) * (moment(3) ** 2 + (moment(4) - 3) ** 2 / 4),
    breuschPagan:
      about(
        on(
          h,
          squares.map((value) => value / s2),
        ),
      ) / 2,
    koenkerBassett: n * r2(squares, covariates),
    white: n * r2(squares, [...covariates, ...products]),
    lmError: d ** 2 / t,
    lmLag: l ** 2 / j,
    robustLmError: (d - (t / j) * l) ** 2 / (t * (1 - t / j)),
    robustLmLag: (l - d) ** 2 / (j - t),
    i: ((n / s0) * dot(e, on(w, e))) / rss,
    expected,
    variance: ((n / s0) ** 2 * square) / ((n - k) * (n - k + 2)) - expected ** 2,
  };
}

/** Weights as a matrix, each row standardised. */
function matrixOf(w: Weights): Matrix {
  return Array.from({ length: w.n }, (_, i) => {
    const { neighbors, weights } = row(w, i);
    const total = weights.reduce((sum, value) => sum + value, 0);
    const dense = Array<number>(w.n).fill(0);
    neighbors.forEach((j, q) => (dense[j] = weights[q]! / total));
    return dense;
  });
}

function assertAsTwin(actual: Ols, expected: ReturnType<typeof twin>, tolerance: number): void {
  allClose(actual.coefficients, expected.b, tolerance);
  allClose(actual.standardErrors, expected.errors, tolerance);
  allClose(actual.vif.subarray(1), expected.vif, tolerance);
  allClose(actual.residuals, expected.e, tolerance);
  allClose(actual.influence, expected.influence, tolerance);
  const { spatial } = actual;
  const pairs: [number, number][] = [
    [actual.r2, expected.r2],
    [actual.jarqueBera.statistic, expected.jarqueBera],
    [actual.breuschPagan.statistic, expected.breuschPagan],
    [actual.koenkerBassett.statistic, expected.koenkerBassett],
    [actual.white.statistic, expected.white],
    [spatial!.lmError.statistic, expected.lmError],
    [spatial!.lmLag.statistic, expected.lmLag],
    [spatial!.robustLmError.statistic, expected.robustLmError],
    [spatial!.robustLmLag.statistic, expected.robustLmLag],
    [spatial!.sarma.statistic, expected.robustLmLag + expected.lmError],
    [spatial!.moranResiduals.i, expected.i],
    [spatial!.moranResiduals.expected, expected.expected],
    [spatial!.moranResiduals.variance, expected.variance],
  ];
  allClose(
    pairs.map(([value]) => value),
    pairs.map(([, value]) => value),
    tolerance,
  );
}

const columbus = fixture("columbus");
const crime = columbus.column("CRIME");
const covariates = [columbus.column("INC"), columbus.column("HOVAL")];

describe("ols", () => {
  it("gives what GeoDa and spdep print of crime in columbus", () => {
    const result = ols(crime, covariates, { weights: queen(columbus.geometry) });
    const { spatial } = result;
    const printed: [number, number][] = [
      [result.coefficients[0]!, 68.6189611],
      [result.coefficients[1]!, -1.5973108],
      [result.coefficients[2]!, -0.2739315],
      [result.standardErrors[0]!, 4.7354861],
      [result.r2, 0.552404],
      [result.adjustedR2, 0.5329433],
      [result.f.statistic, 28.3856292],
      [result.f.p, 9.3407471e-9],
      [result.logLikelihood, -187.3772388],
      [result.aic, 380.7544776 + 2],
      [result.conditionNumber, 6.5418278],
      [result.jarqueBera.statistic, 1.8357525],
      [result.jarqueBera.p, 0.3993663],
      [result.breuschPagan.statistic, 10.0128497],
      [result.koenkerBassett.statistic, 7.2165645],
      [result.white.statistic, 19.9460082],
      [result.white.p, 0.00127922],
      [spatial!.lmLag.statistic, 8.898],
      [spatial!.lmError.statistic, 5.2062],
      [spatial!.robustLmLag.statistic, 3.7357],
      [spatial!.robustLmError.statistic, 0.043906],
      [spatial!.sarma.statistic, 8.9419],
      [spatial!.moranResiduals.i, 0.222109407],
      [spatial!.moranResiduals.expected, -0.033418335],
      [spatial!.moranResiduals.variance, 0.008099305],
      [spatial!.moranResiduals.z, 2.8393],
    ];
    for (const [actual, expected] of printed) close(actual, expected, 2e-5);
    assert.equal(result.white.df, 5);
    assert.deepEqual(result.f.df, [2, 46]);
  });

  it("gives the certified values of Longley's data, whose covariates are nearly collinear", () => {
    const { coefficients, standardErrors, sigma2, r2 } = ols(longley[0]!, longley.slice(1));
    const certified = [
      [-3482258.63459582, 890420.383607373],
      [15.0618722713733, 84.9149257747669],
      [-0.035819179292591, 0.0334910077722432],
      [-2.02022980381683, 0.488399681651699],
      [-1.03322686717359, 0.214274163161675],
      [-0.0511041056535807, 0.22607320006937],
      [1829.15146461355, 455.478499142212],
    ];
    certified.forEach(([coefficient, error], j) => {
      close(coefficients[j]!, coefficient!, 1e-10);
      close(standardErrors[j]!, error!, 1e-10);
    });
    close(Math.sqrt(sigma2), 304.854073561965, 1e-11);
    close(r2, 0.995479004577296, 1e-13);
  });

  it("agrees with the plain formulas, with unequal weights and islands", () => {
    const random = generator(3);
    for (const [n, count] of [
      [20, 1],
      [30, 2],
      [40, 4],
    ] as const) {
      const columns = Array.from({ length: count }, () => uniform(n, random));
      const y = uniform(n, random).map(
        (noise, i) => noise + columns.reduce((sum, column, j) => sum + j * column[i]!, 0),
      );
      for (const w of [uneven(n, random), weighted(uneven(n, random), random)]) {
        const expected = twin(
          [...y],
          columns.map((column) => [...column]),
          matrixOf(w),
        );
        assertAsTwin(ols(y, columns, { weights: w }), expected, 1e-9);
      }
    }
  });

  it("does not depend on the units of the variables, nor on where they begin", () => {
    const weights = queen(columbus.geometry);
    const plain = ols(crime, covariates, { weights });
    for (const [scale, offset] of [
      [1e-150, 0],
      [1e140, 0],
      [1024, 2 ** 20],
    ] as const) {
      const moved = ols(
        crime.map((value) => value * scale),
        covariates.map((column) => column.map((value) => value + offset)),
        { weights },
      );
      allClose(
        [...moved.coefficients.subarray(1)].map((b) => b / scale),
        plain.coefficients.subarray(1),
        1e-8,
      );
      for (const name of ["jarqueBera", "breuschPagan", "koenkerBassett", "white"] as const) {
        close(moved[name].statistic, plain[name].statistic, 1e-7);
      }
      for (const name of ["lmLag", "lmError", "robustLmLag", "robustLmError"] as const) {
        close(moved.spatial![name].statistic, plain.spatial![name].statistic, 1e-6);
      }
    }
  });

  it("leaves combinations out of White's test, as the square of zeros and ones is", () => {
    const urban = crime.map((_, i) => i % 2);
    assert.equal(ols(crime, [covariates[0]!, urban]).white.df, 4);
  });

  it("goes through many rows in White's test: of the same over and over the statistic is as many times as large", () => {
    const times = (values: Float64Array): Float64Array =>
      Float64Array.from({ length: 49 * 30 }, (_, i) => values[i % 49]!);
    const urban = crime.map((_, i) => i % 2);
    const columns = [covariates[0]!, urban];
    const [once, many] = [ols(crime, columns).white, ols(times(crime), columns.map(times)).white];
    close(many.statistic, 30 * once.statistic, 1e-12);
    assert.equal(many.df, 4);
  });

  it("says which covariate is a combination of which", () => {
    const [income, value] = covariates as [Float64Array, Float64Array];
    const sum = income.map((v, i) => 3 * v - 2 * value[i]! + 7);
    const names = { dependent: "crime", covariates: ["income", "year", "value", "sum"] };
    const year = income.map((_, i) => 1990 + (i % 7));
    assert.throws(
      () => ols(crime, [income, year, value, sum], { names }),
      failure("INVALID_PARAMETER", /the covariate sum is a linear combination of income, value$/),
    );
    assert.throws(
      () => ols(crime, [income, income]),
      failure("INVALID_PARAMETER", /covariates\[1\] is a linear combination of covariates\[0\]/),
    );
    const constant = income.map((_, i) => 1e6 * (1 + (i % 2) * Number.EPSILON));
    assert.throws(() => ols(crime, [constant]), failure("INVALID_PARAMETER", /constant but for rounding/));
  });

  it("refuses what is constant, not finite, too short, and weights of others", () => {
    const three = Float64Array.of(1, 2, 4);
    assert.throws(() => ols(crime, [crime.map(() => 5)]), failure("CONSTANT_VALUES", /covariates\[0\] is 5/));
    assert.throws(
      () =>
        ols(
          crime.map(() => 5),
          covariates,
        ),
      failure("CONSTANT_VALUES", /every value of y is 5/),
    );
    assert.throws(
      () => ols(three, [three.map((v) => v * v), three]),
      failure("TOO_FEW_ROWS", /3 rows .* 3 coefficients/),
    );
    assert.throws(() => ols(three, [Float64Array.of(1, 2, NaN)]), failure("INVALID_PARAMETER", /\[2\] is NaN/));
    assert.throws(() => ols(three, []), failure("INVALID_PARAMETER", /no covariates/));
    assert.throws(() => ols(three, [crime]), failure("INVALID_PARAMETER", /has 49 values, expected 3/));
    const weights = queen(columbus.geometry);
    assert.throws(() => ols(three, [three], { weights }), failure("INVALID_WEIGHTS", /for 49 locations/));
    const alone = { n: 3, offsets: new Int32Array(4), neighbors: new Int32Array(0) };
    assert.throws(
      () => ols(Float64Array.of(1, 2, 5), [three], { weights: alone }),
      failure("INVALID_WEIGHTS", /neighbor/),
    );
  });

  it("tests nothing where the fit is exact", () => {
    const result = ols(
      crime.map((_, i) => 0.1 + 0.7 * covariates[0]![i]!),
      covariates,
      {
        weights: queen(columbus.geometry),
      },
    );
    assert.ok(result.isExact);
    close(result.coefficients[1]!, 0.7, 1e-12);
    const tests = [result.jarqueBera, result.breuschPagan, result.koenkerBassett, result.white, result.spatial!.sarma];
    for (const { statistic, p } of tests) assert.ok(Number.isNaN(statistic) && Number.isNaN(p));
    assert.ok(Number.isNaN(result.spatial!.moranResiduals.z));
  });

  it("has no robust tests, and no z of Moran's I, where all are neighbors of all", () => {
    const n = 12;
    const neighbors = Array.from({ length: n }, (_, i) => [...Array(n).keys()].filter((j) => j !== i)).flat();
    const offsets = Int32Array.from({ length: n + 1 }, (_, i) => i * (n - 1));
    const random = generator(8);
    const complete = { n, offsets, neighbors: Int32Array.from(neighbors) };
    const { spatial } = ols(uniform(n, random), [uniform(n, random)], { weights: complete });
    close(spatial!.moranResiduals.i, -1 / (n - 1), 1e-12);
    assert.ok(Number.isNaN(spatial!.moranResiduals.z) && Number.isNaN(spatial!.robustLmLag.statistic));
  });
});

describe("the F distribution", () => {
  it("has closed forms for 2 degrees of freedom, and for Student's t of 1 and 2", () => {
    for (const f of [1e-8, 0.01, 0.5, 1, 3, 40, 1e6]) {
      for (const within of [1, 3, 10, 200, 1e6]) {
        close(fUpper(f, 2, within), Math.exp((-within / 2) * Math.log1p((2 * f) / within)), 1e-11);
      }
      for (const between of [1, 3, 50]) {
        close(fUpper(f, between, 2), -Math.expm1((-between / 2) * Math.log1p(2 / (between * f))), 1e-11);
      }
      close(fUpper(f, 1, 1), (2 / Math.PI) * Math.atan(1 / Math.sqrt(f)), 1e-12);
      close(fUpper(f, 1, 2), 2 / (2 + f + Math.sqrt(f * (f + 2))), 1e-12);
    }
  });

  it("is that of a chi-squared variable where there are very many degrees of freedom within", () => {
    const chiSquared = (x: number, df: number): number =>
      withKernel(regressionKernel, ({ call }) => call.chiSquaredUpper(x, df));
    for (const [f, between] of [
      [3.84, 1],
      [2, 7],
      [0.4, 30],
    ] as const) {
      close(fUpper(f, between, 1e8), chiSquared(f * between, between), 1e-6);
    }
  });

  it("ends at 0 and 1", () => {
    assert.equal(fUpper(0, 3, 5), 1);
    assert.equal(fUpper(Infinity, 3, 5), 0);
    assert.ok(Number.isNaN(fUpper(NaN, 3, 5)));
  });
});

/** Longley (1967), doi:10.1080/01621459.1967.10500896, as NIST has it: employment, and six covariates. */
const longley = [
  [60323, 61122, 60171, 61187, 63221, 63639, 64989, 63761, 66019, 67857, 68169, 66513, 68655, 69564, 69331, 70551],
  [83, 88.5, 88.2, 89.5, 96.2, 98.1, 99, 100, 101.2, 104.6, 108.4, 110.8, 112.6, 114.2, 115.7, 116.9],
  [
    234289, 259426, 258054, 284599, 328975, 346999, 365385, 363112, 397469, 419180, 442769, 444546, 482704, 502601,
    518173, 554894,
  ],
  [2356, 2325, 3682, 3351, 2099, 1932, 1870, 3578, 2904, 2822, 2936, 4681, 3813, 3931, 4806, 4007],
  [1590, 1456, 1616, 1650, 3099, 3594, 3547, 3350, 3048, 2857, 2798, 2637, 2552, 2514, 2572, 2827],
  [
    107608, 108632, 109773, 110929, 112075, 113270, 115094, 116219, 117388, 118734, 120445, 121950, 123366, 125368,
    127852, 130081,
  ],
  [1947, 1948, 1949, 1950, 1951, 1952, 1953, 1954, 1955, 1956, 1957, 1958, 1959, 1960, 1961, 1962],
].map((values) => Float64Array.from(values));
