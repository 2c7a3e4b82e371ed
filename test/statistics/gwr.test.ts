import assert from "node:assert/strict";
import { gwr, ols, regressionOrigins, type Gwr, type GwrOptions } from "driveshaft";
import { goldenSection } from "#dist/statistics/golden-section.js";
import { allClose, close, failure } from "../support/assertions.js";
import { csvFixture } from "../support/fixtures.js";
import { generator, uniform } from "../support/random.js";

const georgia = csvFixture("georgia");
const [xs, ys] = [georgia("X"), georgia("Y")];
const bachelors = georgia("PctBach");
const covariates = ["PctRural", "PctPov", "PctBlack"].map(georgia);
const ofGeorgia = (options: GwrOptions): Gwr => gwr(bachelors, covariates, xs, ys, options);

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

/** Solves a system by Gauss and Jordan, with the largest pivot. */
function solve(matrix: number[][], right: number[][]): number[][] {
  const rows = matrix.map((row, i) => [...row, ...right[i]!]);
  const k = matrix.length;
  for (let c = 0; c < k; c++) {
    const from = rows
      .slice(c)
      .reduce((best, row, at) => (Math.abs(row[c]!) > Math.abs(rows[best]![c]!) ? c + at : best), c);
    [rows[c], rows[from]] = [rows[from]!, rows[c]!];
    rows[c] = rows[c]!.map((value) => value / rows[c]![c]!);
    for (let r = 0; r < k; r++) {
      const factor = rows[r]![c]!;
      if (r !== c) rows[r] = rows[r]!.map((value, j) => value - factor * rows[c]![j]!);
    }
  }
  return rows.map((row) => row.slice(k));
}

const kernelAt = {
  bisquare: (u: number): number => (u < 1 ? (1 - u * u) ** 2 : 0),
  gaussian: (u: number): number => Math.exp(-0.5 * u * u),
  exponential: (u: number): number => Math.exp(-u),
};

interface Twin {
  coefficients: number[][];
  variances: number[][];
  predicted: number[];
  hat: number[][];
  localR2: number[];
}

/** Weighted least squares at each location, by the normal equations, with the hat matrix as it is. */
function twin(
  y: Float64Array,
  columns: Float64Array[],
  distance: (i: number, j: number) => number,
  { kernel = "bisquare", fixed = false, bandwidth = 0 }: GwrOptions,
): Twin {
  const n = y.length;
  const x = Array.from(y, (_, i) => [1, ...columns.map((column) => column[i]!)]);
  const found: Twin = { coefficients: [], variances: [], predicted: [], hat: [], localR2: [] };
  const weights = x.map((_, i) => {
    const distances = x.map((_, j) => distance(i, j));
    const reach = fixed ? bandwidth : distances.toSorted((a, b) => a - b)[bandwidth - 1]! * 1.0000001;
    return distances.map((d) => kernelAt[kernel](d === 0 ? 0 : d / reach));
  });
  for (let i = 0; i < n; i++) {
    const w = weights[i]!;
    const squares = x[0]!.map((_, a) => x[0]!.map((_, b) => sum(x.map((row, j) => w[j]! * row[a]! * row[b]!))));
    // what each row counts in each coefficient
    const shares = solve(
      squares,
      x[0]!.map((_, a) => x.map((row, j) => w[j]! * row[a]!)),
    );
    found.coefficients.push(shares.map((row) => sum(row.map((share, j) => share * y[j]!))));
    found.variances.push(shares.map((row) => sum(row.map((share) => share * share))));
    found.hat.push(x.map((_, j) => sum(shares.map((row, a) => x[i]![a]! * row[j]!))));
    found.predicted.push(sum(found.hat[i]!.map((share, j) => share * y[j]!)));
  }
  found.localR2 = weights.map((w) => {
    const mean = sum(w.map((weight, j) => weight * y[j]!)) / sum(w);
    const rest = sum(w.map((weight, j) => weight * (y[j]! - found.predicted[j]!) ** 2));
    return 1 - rest / sum(w.map((weight, j) => weight * (y[j]! - mean) ** 2));
  });
  return found;
}

function assertAsTwin(actual: Gwr, expected: Twin, y: Float64Array): void {
  const n = y.length;
  allClose(actual.predicted, expected.predicted);
  allClose(
    actual.influence,
    expected.hat.map((row, i) => row[i]!),
  );
  allClose(actual.localR2, expected.localR2, 1e-8);
  const trS = sum(expected.hat.map((row, i) => row[i]!));
  const trSTS = sum(expected.hat.flat().map((share) => share * share));
  const rss = sum(expected.predicted.map((value, i) => (y[i]! - value) ** 2));
  const sigma2 = rss / (n - 2 * trS + trSTS);
  close(actual.trS, trS);
  close(actual.trSTS, trSTS);
  close(actual.rss, rss);
  close(actual.sigma2, sigma2);
  actual.coefficients.forEach((coefficients, a) => {
    allClose(
      coefficients,
      expected.coefficients.map((row) => row[a]!),
    );
    const errors = expected.variances.map((row) => Math.sqrt(sigma2 * row[a]!));
    allClose(actual.standardErrors[a]!, errors);
    allClose(
      actual.t[a]!,
      expected.coefficients.map((row, i) => row[a]! / errors[i]!),
    );
  });
}

/** A regression whose slopes change from west to east. */
function made(n: number, count: number, seed: number) {
  const random = generator(seed);
  const [x, y] = [uniform(n, random), uniform(n, random)];
  const columns = Array.from({ length: count }, () => uniform(n, random));
  const dependent = uniform(n, random).map((noise, i) =>
    columns.reduce((total, column, c) => total + (c + 3 * x[i]!) * column[i]!, 2 + noise),
  );
  return { xs: x, ys: y, columns, dependent };
}

describe("gwr", () => {
  it("gives what GWR4 and mgwr print of Georgia", () => {
    const printed: [GwrOptions, number, number][] = [
      [{ kernel: "bisquare", fixed: true, bandwidth: 209267.688808 }, 2012.563924, 894.982602],
      [{ kernel: "bisquare", bandwidth: 90 }, 2090.125305, 896.462831],
      [{ kernel: "gaussian", fixed: true, bandwidth: 87308.29847 }, 2030.010213, 895.290158],
      [{ kernel: "gaussian", bandwidth: 49 }, 2312.592458, 896.184041],
    ];
    for (const [options, rss, aicc] of printed) {
      const result = ofGeorgia(options);
      close(result.rss, rss, 1e-7);
      close(result.aicc, aicc, 1e-8);
    }
    const result = ofGeorgia({ bandwidth: 90 });
    const first: [number, number][] = [
      [result.coefficients[0]![0]!, 18.375924],
      [result.coefficients[1]![0]!, -0.087919],
      [result.standardErrors[1]![0]!, 0.021113],
      [result.t[1]![0]!, -4.164093],
      [result.coefficients[2]![0]!, -0.218522],
      [result.coefficients[3]![0]!, 0.069101],
      [result.predicted[0]!, 8.815245],
      [result.residuals[0]!, -0.615245],
      [result.localR2[0]!, 0.551117],
      [result.trS, 14.9250924],
      [result.trSTS, 10.1939569],
      [result.aic, 892.66858],
      [result.bic, 941.54117],
      [result.cv, 19.18673],
      [result.global!.rss, 2639.559476],
      [result.global!.aicc, 908.319245],
    ];
    for (const [actual, expected] of first) close(actual, expected, 3e-5);
  });

  it("finds the bandwidth that crankshaft finds", () => {
    const { bandwidth, search } = ofGeorgia({});
    assert.equal(bandwidth, 93);
    assert.deepEqual([search!.ended, search!.least, search!.most], ["converged", 48, 159]);
    close(ofGeorgia({ fixed: true }).bandwidth, 211027.34, 1e-7);
  });

  it("agrees with plain weighted least squares, whatever the kernel", () => {
    for (const [n, count] of [
      [40, 1],
      [61, 3],
    ] as const) {
      const { xs, ys, columns, dependent } = made(n, count, n);
      const distance = (i: number, j: number): number => Math.hypot(xs[i]! - xs[j]!, ys[i]! - ys[j]!);
      for (const kernel of ["bisquare", "gaussian", "exponential"] as const) {
        for (const reach of [{ bandwidth: 23 }, { fixed: true, bandwidth: 0.6 }]) {
          const options = { kernel, ...reach };
          assertAsTwin(
            gwr(dependent, columns, xs, ys, options),
            twin(dependent, columns, distance, options),
            dependent,
          );
        }
      }
    }
  });

  it("measures metres along the sphere", () => {
    const { xs, ys, columns, dependent } = made(40, 2, 5);
    const [lons, lats] = [xs.map((x) => 175 + 10 * x), ys.map((y) => 60 + 20 * y)];
    const radians = Math.PI / 180;
    const distance = (i: number, j: number): number => {
      const half = (a: number, b: number): number => Math.sin(((a - b) * radians) / 2) ** 2;
      const cosines = Math.cos(lats[i]! * radians) * Math.cos(lats[j]! * radians);
      const chord = half(lats[i]!, lats[j]!) + cosines * half(lons[i]!, lons[j]!);
      return 2 * 6_371_008.8 * Math.asin(Math.sqrt(chord));
    };
    const turned = lons.map((lon) => (lon > 180 ? lon - 360 : lon));
    for (const options of [{ bandwidth: 20 }, { fixed: true, bandwidth: 1_500_000 }]) {
      const result = gwr(dependent, columns, turned, lats, { ...options, greatCircle: true });
      assertAsTwin(result, twin(dependent, columns, distance, options), dependent);
      if (options.fixed)
        allClose(
          result.bandwidths,
          result.bandwidths.map(() => options.bandwidth),
        );
    }
  });

  it("is the regression that is the same everywhere where the bandwidth reaches far", () => {
    const result = ofGeorgia({ kernel: "gaussian", fixed: true, bandwidth: 1e12 });
    const global = ols(bachelors, covariates);
    result.coefficients.forEach((coefficients, c) =>
      allClose(
        coefficients,
        coefficients.map(() => global.coefficients[c]!),
      ),
    );
    allClose(result.influence, global.influence);
    close(result.trS, 4);
  });

  it("keeps its digits where covariates lie far from 0, and with any units", () => {
    const plain = ofGeorgia({ bandwidth: 90 });
    const moved = gwr(
      bachelors.map((value) => value + 2 ** 30),
      [covariates[0]!.map((value) => value + 2 ** 30), covariates[1]!.map((value) => value * 2 ** 300), covariates[2]!],
      xs,
      ys,
      { bandwidth: 90 },
    );
    allClose(moved.coefficients[1]!, plain.coefficients[1]!, 1e-6);
    allClose(
      moved.coefficients[2]!.map((value) => value * 2 ** 300),
      plain.coefficients[2]!,
      1e-6,
    );
    allClose(moved.localR2, plain.localR2, 1e-6);
  });

  it("predicts rows without a dependent variable, and targets, as if they were nobody's neighbors", () => {
    const some = bachelors.map((value, i) => (i % 10 === 3 ? NaN : value));
    const left = [...some.keys()].filter((i) => !Number.isNaN(some[i]));
    const gone = [...some.keys()].filter((i) => Number.isNaN(some[i]));
    const at = (values: Float64Array, rows: number[]): Float64Array => Float64Array.from(rows, (i) => values[i]!);
    const whole = gwr(some, covariates, xs, ys, { bandwidth: 60 });
    const places = { xs: at(xs, gone), ys: at(ys, gone), covariates: covariates.map((values) => at(values, gone)) };
    const apart = gwr(
      at(bachelors, left),
      covariates.map((values) => at(values, left)),
      at(xs, left),
      at(ys, left),
      {
        bandwidth: 60,
        targets: places,
      },
    );
    assert.deepEqual(at(whole.predicted, left), apart.predicted);
    assert.deepEqual(at(whole.predicted, gone), apart.targets!.predicted);
    assert.deepEqual(at(whole.standardErrors[2]!, gone), apart.targets!.standardErrors[2]);
    assert.deepEqual(at(whole.localR2, gone), apart.targets!.localR2);
    assert.ok(gone.every((i) => Number.isNaN(whole.residuals[i]) && Number.isNaN(whole.influence[i])));
    allClose(
      at(whole.predicted, gone),
      gone.map((i) => sum(whole.coefficients.map((values, c) => values[i]! * (c === 0 ? 1 : covariates[c - 1]![i]!)))),
    );
  });

  it("gives the same bytes on threads", () => {
    const { xs, ys, columns, dependent } = made(700, 2, 9);
    assert.deepEqual(
      gwr(dependent, columns, xs, ys, { threads: 3, maxIterations: 3 }),
      gwr(dependent, columns, xs, ys, { maxIterations: 3 }),
    );
  });

  it("keeps t beyond 0.05 k over the effective parameters", () => {
    const { filteredT, t, criticalT } = ofGeorgia({ bandwidth: 90 });
    // of Student's t with 158 degrees of freedom, at 0.05 * 4 / 19.6562
    close(criticalT, 2.6011, 1e-5);
    t.forEach((values, c) =>
      assert.deepEqual(
        filteredT[c],
        values.map((value) => (Math.abs(value) >= criticalT ? value : 0)),
      ),
    );
    assert.ok(filteredT[2]!.includes(0) && filteredT[2]!.some((value) => value !== 0));
  });

  describe("where the matrix is singular", () => {
    const { xs, ys, columns, dependent } = made(60, 1, 4);
    // varies in the east only
    const eastern = xs.map((x, i) => (x > 0.5 ? i % 3 : 0));
    const local = (options: GwrOptions): Gwr => gwr(dependent, [columns[0]!, eastern], xs, ys, options);
    const named = ({ origins }: Gwr): string[] => Array.from(origins, (origin) => regressionOrigins[origin]!);

    it("takes a wider bandwidth there, and says so", () => {
      const result = local({ bandwidth: 12 });
      const wider = named(result).flatMap((origin, i) => (origin === "wider bandwidth" ? [i] : []));
      assert.ok(wider.length > 5 && wider.length < 50 && wider.every((i) => xs[i]! < 0.5));
      const i = wider[0]!;
      const { coefficients } = local({ fixed: true, bandwidth: result.bandwidths[i]! });
      coefficients.forEach((values, c) => close(result.coefficients[c]![i]!, values[i]!, 1e-9));
    });

    it("takes a ridge where asked to: a covariate that does not vary has the coefficient 0", () => {
      const result = local({ bandwidth: 12, singular: "ridge" });
      const ridged = named(result).flatMap((origin, i) => (origin === "ridge" ? [i] : []));
      assert.ok(ridged.length > 5);
      assert.ok(ridged.every((i) => result.coefficients[2]![i] === 0 && Number.isNaN(result.conditionNumbers[i])));
      assert.ok(result.predicted.every(Number.isFinite));
    });

    it("finds rows at any distance, and lets coincident ones count in full", () => {
      const far = {
        xs: Float64Array.of(1e9),
        ys: Float64Array.of(0),
        covariates: [[0.5], [1]].map((v) => Float64Array.from(v)),
      };
      const { targets } = local({ fixed: true, bandwidth: 0.3, targets: far });
      assert.equal(regressionOrigins[targets!.origins[0]!], "wider bandwidth");
      assert.ok(Number.isFinite(targets!.predicted[0]));
      const one = xs.map((_, i) => Math.floor(i / 20));
      const inPlace = gwr(dependent, columns, one, one, { bandwidth: 10 });
      const own = ols(dependent.subarray(0, 20), [columns[0]!.subarray(0, 20)]);
      allClose(inPlace.predicted.subarray(0, 20), own.predicted);
      assert.deepEqual([inPlace.bandwidths[0], named(inPlace)[0]], [0, "as asked"]);
    });
  });

  describe("of counts, and of zeros and ones", () => {
    const { xs, ys, columns, dependent } = made(50, 2, 11);
    const families = {
      poisson: {
        y: dependent.map(Math.floor),
        meanOf: Math.exp,
        varianceOf: (mean: number): number => mean,
        devianceOf: (y: number, mean: number): number => 2 * ((y > 0 ? y * Math.log(y / mean) : 0) - y + mean),
      },
      logistic: {
        y: dependent.map((value, i) => Number(value + 2 * Math.sin(i) > 5)),
        meanOf: (predictor: number): number => 1 / (1 + Math.exp(-predictor)),
        varianceOf: (mean: number): number => mean * (1 - mean),
        devianceOf: (y: number, mean: number): number => -2 * Math.log(y === 1 ? mean : 1 - mean),
      },
    };

    it("agrees with Newton's method at each place", () => {
      const x = [...dependent.keys()].map((i) => [1, ...columns.map((column) => column[i]!)]);
      for (const family of ["poisson", "logistic"] as const) {
        const { y, meanOf, varianceOf, devianceOf } = families[family];
        const options = { family, kernel: "gaussian", fixed: true, bandwidth: 0.4 } as const;
        const result = gwr(y, columns, xs, ys, options);
        const weights = x.map((_, i) =>
          x.map((_, j) => kernelAt.gaussian(Math.hypot(xs[i]! - xs[j]!, ys[i]! - ys[j]!) / options.bandwidth)),
        );
        const found = weights.map((w, i) => {
          let beta = x[0]!.map(() => 0);
          let inverse: number[][] = [];
          let variances: number[] = [];
          for (let step = 0; step < 12; step++) {
            const means = x.map((row) => meanOf(sum(row.map((value, a) => value * beta[a]!))));
            variances = means.map(varianceOf);
            const information = beta.map((_, a) =>
              beta.map((_, b) => sum(x.map((row, j) => w[j]! * variances[j]! * row[a]! * row[b]!))),
            );
            inverse = solve(
              information,
              beta.map((_, a) => beta.map((_, b) => Number(a === b))),
            );
            const slope = beta.map((_, a) => sum(x.map((row, j) => w[j]! * row[a]! * (y[j]! - means[j]!))));
            beta = beta.map((value, a) => value + sum(slope.map((part, b) => inverse[a]![b]! * part)));
          }
          const errors = inverse.map((row) => {
            const shares = x.map((of, j) => w[j]! * sum(of.map((value, b) => row[b]! * value)));
            return Math.sqrt(sum(shares.map((share, j) => share * share * variances[j]!)));
          });
          const form = sum(x[i]!.map((value, a) => value * sum(x[i]!.map((other, b) => inverse[a]![b]! * other))));
          const mean = meanOf(sum(x[i]!.map((value, a) => value * beta[a]!)));
          return { beta, errors, influence: variances[i]! * form, mean };
        });
        result.coefficients.forEach((values, a) =>
          allClose(
            values,
            found.map(({ beta }) => beta[a]!),
          ),
        );
        result.standardErrors.forEach((values, a) =>
          allClose(
            values,
            found.map(({ errors }) => errors[a]!),
          ),
        );
        allClose(
          result.influence,
          found.map(({ influence }) => influence),
        );
        close(result.deviance, sum(found.map(({ mean }, i) => devianceOf(y[i]!, mean))));
        close(result.aic, result.deviance + 2 * result.trS);
        allClose(
          result.localR2,
          weights.map((w) => {
            const mean = sum(w.map((weight, j) => weight * y[j]!)) / sum(w);
            const rest = sum(w.map((weight, j) => weight * devianceOf(y[j]!, found[j]!.mean)));
            return 1 - rest / sum(w.map((weight, j) => weight * devianceOf(y[j]!, mean)));
          }),
        );
      }
    });

    it("gives what R prints of Dobson's counts, where the regression is the same everywhere", () => {
      const counts = Float64Array.of(18, 17, 15, 20, 10, 20, 25, 13, 12);
      const is = (level: number, of: (i: number) => number) => counts.map((_, i) => Number(of(i) === level));
      const [outcome, treatment] = [(i: number) => i % 3, (i: number) => Math.floor(i / 3)];
      const dummies = [is(1, outcome), is(2, outcome), is(1, treatment), is(2, treatment)];
      const at = counts.map((_, i) => i);
      const { global, standardErrors } = gwr(counts, dummies, at, at, {
        family: "poisson",
        kernel: "gaussian",
        fixed: true,
        bandwidth: 1e9,
      });
      allClose(global!.coefficients, [3.044522, -0.454255, -0.292987, 0, 0], 1e-6);
      allClose(
        standardErrors.map((values) => values[0]!),
        [0.1709, 0.2022, 0.1927, 0.2, 0.2],
        1e-4,
      );
      close(global!.deviance, 5.1291, 1e-5);
      close(-2 * global!.logLikelihood + 10, 56.76, 1e-4);
    });

    it("says where covariates separate the rows, and stops there", () => {
      const east = xs.map((value) => Number(value > 0.5));
      const { origins, predicted, global } = gwr(east, [xs, columns[0]!], xs, ys, {
        family: "logistic",
        bandwidth: 40,
      });
      assert.ok(origins.every((origin) => regressionOrigins[origin] === "not converged"));
      assert.ok(predicted.every((mean, i) => Math.abs(mean - east[i]!) < 0.5));
      assert.equal(global, undefined);
    });

    it("refuses what is no count, and what is neither 0 nor 1", () => {
      assert.throws(
        () =>
          gwr(
            dependent.map((value) => value - 4),
            columns,
            xs,
            ys,
            { family: "poisson" },
          ),
        failure("INVALID_PARAMETER", /a value of y is -.*, poisson needs counts/),
      );
      assert.throws(
        () => gwr(dependent, columns, xs, ys, { family: "logistic" }),
        failure("INVALID_PARAMETER", /logistic needs 0 or 1/),
      );
    });
  });

  it("says where a search was ended, and returns the best so far", () => {
    const ended = ofGeorgia({ maxIterations: 2 });
    assert.deepEqual([ended.search!.ended, ended.search!.tried.length], ["iterations", 3]);
    assert.equal(ended.aicc, Math.min(...ended.search!.tried.map(({ score }) => score)));
    assert.equal(ofGeorgia({ maxSeconds: 1e-9 }).search!.ended, "seconds");
  });

  it("refuses what is no bandwidth, what is collinear everywhere, and what is missing", () => {
    const invalid = (message: RegExp, options: GwrOptions): void =>
      assert.throws(() => ofGeorgia(options), failure("INVALID_PARAMETER", message));
    invalid(/bandwidth is 4, expected a whole number of rows from 5 to 159/, { bandwidth: 4 });
    invalid(/bandwidth is 160, expected/, { bandwidth: 160 });
    invalid(/bandwidth is 0, expected a distance above 0/, { bandwidth: 0, fixed: true });
    invalid(/bandwidthMin is 2.5, expected a whole number/, { bandwidthMin: 2.5 });
    invalid(/the least bandwidth is 90, and the most 80/, { bandwidthMin: 90, bandwidthMax: 80 });
    assert.throws(
      () => gwr(bachelors, [...covariates, covariates[0]!], xs, ys),
      failure("INVALID_PARAMETER", /covariates\[3\] is a linear combination of covariates\[0\]/),
    );
    assert.throws(
      () => gwr(bachelors, [bachelors.map(() => 3)], xs, ys),
      failure("CONSTANT_VALUES", /covariates\[0\] is 3/),
    );
    assert.throws(
      () =>
        gwr(
          bachelors.map(() => NaN),
          covariates,
          xs,
          ys,
        ),
      failure("TOO_FEW_ROWS", /0 rows can be used/),
    );
    assert.throws(
      () =>
        gwr(
          bachelors.map((value, i) => (i < 6 ? value : NaN)),
          covariates,
          xs,
          ys,
        ),
      failure("TOO_FEW_ROWS", /no bandwidth from 5 to 6 has AICc/),
    );
    assert.throws(
      () => gwr(bachelors, [covariates[0]!.map((value, i) => (i === 7 ? Infinity : value))], xs, ys),
      failure("INVALID_PARAMETER", /covariates\[0\] of point 7 is Infinity/),
    );
  });
});

describe("a search by golden section", () => {
  it("finds the least of what falls and then rises, also where an end has no score", () => {
    const found = goldenSection((at) => (at < 20 ? Infinity : (at - 37) ** 2), [0, 100], {
      whole: false,
      maxIterations: 99,
    });
    assert.ok(Math.abs(found.at - 37) < 1e-3 && found.converged);
    assert.equal(new Set(found.tried.map(({ at }) => at)).size, found.tried.length);
  });
});
