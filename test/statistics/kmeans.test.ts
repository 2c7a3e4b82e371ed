import assert from "node:assert/strict";
import { kmeans } from "#dist/index.js";
import { allClose, close, failure } from "../support/assertions.js";
import { generator, uniform } from "../support/random.js";

/** Plain Lloyd from given centers: every point against every center, the lowest number winning a tie. */
function lloyd(xs: Float64Array, ys: Float64Array, start: Float64Array, iterations: number): number {
  const centers = start.slice();
  const k = centers.length / 2;
  const nearest = (i: number): number => {
    let best = 0;
    for (let c = 1; c < k; c++) if (distance(i, c) < distance(i, best)) best = c;
    return best;
  };
  const distance = (i: number, c: number): number =>
    (xs[i]! - centers[2 * c]!) ** 2 + (ys[i]! - centers[2 * c + 1]!) ** 2;
  let inertia = 0;
  for (let step = 0; step < iterations; step++) {
    const sums = new Float64Array(3 * k);
    const own = Int32Array.from(xs, (_, i) => nearest(i));
    own.forEach((c, i) => {
      sums[3 * c]! += xs[i]!;
      sums[3 * c + 1]! += ys[i]!;
      sums[3 * c + 2]!++;
    });
    for (let c = 0; c < k; c++) {
      if (sums[3 * c + 2] === 0) continue;
      centers[2 * c] = sums[3 * c]! / sums[3 * c + 2]!;
      centers[2 * c + 1] = sums[3 * c + 1]! / sums[3 * c + 2]!;
    }
    inertia = own.reduce((sum, c, i) => sum + distance(i, c), 0);
  }
  return inertia;
}

/** The smallest inertia of k clusters of values on a line, whose clusters are runs: by dynamic programming. */
function optimum(values: Float64Array, k: number): number {
  const x = values.toSorted();
  const sums = [0];
  const squares = [0];
  x.forEach((value, i) => {
    sums.push(sums[i]! + value);
    squares.push(squares[i]! + value * value);
  });
  const cost = (from: number, to: number): number =>
    squares[to]! - squares[from]! - (sums[to]! - sums[from]!) ** 2 / (to - from);
  let best = Float64Array.from({ length: x.length + 1 }, (_, to) => (to === 0 ? 0 : cost(0, to)));
  for (let clusters = 2; clusters <= k; clusters++) {
    best = best.map((_, to) => {
      let least = Infinity;
      for (let from = clusters - 1; from < to; from++) least = Math.min(least, best[from]! + cost(from, to));
      return least;
    });
  }
  return best[x.length]!;
}

describe("kmeans", () => {
  it("has the inertia of plain Lloyd from the same start, after every number of iterations", () => {
    const random = generator(17);
    for (const clustered of [false, true]) {
      const n = 2000;
      const xs = Float64Array.from({ length: n }, (_, i) => (clustered ? (i % 7) + 0.1 * random() : random()));
      const ys = Float64Array.from({ length: n }, (_, i) => (clustered ? ((i * 3) % 7) + 0.1 * random() : random()));
      for (const k of [1, 2, 12, 40]) {
        const centers = Float64Array.from({ length: 2 * k }, (_, q) => (q % 2 ? ys : xs)[(q >> 1) * 13]!);
        for (const maxIterations of [1, 2, 5, 50]) {
          const result = kmeans(xs, ys, { k, centers, maxIterations });
          close(result.inertia, lloyd(xs, ys, centers, result.converged ? 200 : maxIterations));
        }
      }
    }
  });

  it("has it with more centers than it keeps in order, also after a smaller job in the same memory", () => {
    const random = generator(5);
    const [xs, ys] = [uniform(5000, random), uniform(5000, random)];
    kmeans(xs, ys, { k: 3 });
    const k = 2100;
    const centers = Float64Array.from({ length: 2 * k }, (_, q) => (q % 2 ? ys : xs)[q]!);
    close(kmeans(xs, ys, { k, centers, maxIterations: 4 }).inertia, lloyd(xs, ys, centers, 4));
  });

  it("finds well-separated groups, numbered from the largest, with their means as centers", () => {
    const random = generator(1);
    const sizes = [10, 40, 25];
    const group = sizes.flatMap((size, g) => Array<number>(size).fill(g));
    const xs = Float64Array.from(group, (g) => 100 * g + random());
    const ys = Float64Array.from(group, (g) => -50 * g + random());
    const { clusters, centerXs, distances, converged } = kmeans(xs, ys, { k: 3 });
    assert.deepEqual(
      [...clusters],
      group.map((g) => [2, 0, 1][g]),
    );
    assert.ok(converged);
    const mean = xs.subarray(10, 50).reduce((a, b) => a + b) / 40;
    close(centerXs[0]!, mean);
    assert.ok(distances.every((d) => d < 1));
  });

  it("keeps together on the sphere what the date line and a pole part in the plane", () => {
    const lons = Float64Array.of(179, -179, 180, -178, 10, 12, 11, -170, 100, 20);
    const lats = Float64Array.of(1, 2, 0, -1, 5, 4, 6, 89, 88, 87);
    const { clusters, centerXs, centerYs, distances } = kmeans(lons, lats, { k: 3, greatCircle: true });
    assert.deepEqual([...clusters], [0, 0, 0, 0, 1, 1, 1, 2, 2, 2]);
    assert.ok(Math.abs(centerXs[0]!) > 179 && Math.abs(centerYs[0]!) < 1);
    // one degree of a great circle is 111,195 m; the points lie within 2.5 degrees of their centers
    assert.ok(distances.every((d) => d > 10_000 && d < 400_000));
  });

  it("gives the same bytes for the same seed, and no worse inertia for more starts", () => {
    const random = generator(23);
    const [xs, ys] = [uniform(500, random), uniform(500, random)];
    assert.deepEqual(kmeans(xs, ys, { k: 9, seed: 3 }), kmeans(xs, ys, { k: 9, seed: 3 }));
    assert.notDeepEqual(
      kmeans(xs, ys, { k: 9, nInit: 1, seed: 3 }).centerXs,
      kmeans(xs, ys, { k: 9, nInit: 1, seed: 4 }).centerXs,
    );
    assert.ok(kmeans(xs, ys, { k: 9, nInit: 10 }).inertia <= kmeans(xs, ys, { k: 9, nInit: 1 }).inertia);
  });

  it("seeds with probability proportional to the squared distance", () => {
    // after a first center at either end, the far end is all but sure to be the second
    const xs = Float64Array.of(0, 0.001, 0.002, 1000);
    for (let seed = 0; seed < 20; seed++) {
      assert.ok(kmeans(xs, new Float64Array(4), { k: 2, nInit: 1, maxIterations: 1, seed }).inertia < 1e-3);
    }
  });

  it("finds the optimum to a few hundredths in 50 starts, to a fifth in one, where most points are duplicates", () => {
    const random = generator(41);
    let single = 0;
    const trials = 6;
    for (let trial = 0; trial < trials; trial++) {
      const places = Float64Array.from({ length: 80 }, () => 1000 * random() ** 3);
      const xs = Float64Array.from({ length: 300 }, () => places[Math.floor(80 * random() ** 2)]!);
      const [ys, k, least] = [new Float64Array(300), 40, optimum(xs, 40)];
      const ratio = kmeans(xs, ys, { k, nInit: 50, seed: trial }).inertia / least;
      assert.ok(ratio < 1.03, `${ratio}`);
      single += kmeans(xs, ys, { k, nInit: 1, seed: trial }).inertia / least / trials;
    }
    assert.ok(single < 1.2, `${single}`);
  });

  it("takes coincident points, as long as k are distinct", () => {
    const xs = Float64Array.of(1, 1, 1, 2, 2, 3);
    const { inertia, clusters } = kmeans(xs, new Float64Array(6), { k: 3 });
    assert.equal(inertia, 0);
    assert.deepEqual([...clusters], [0, 0, 0, 1, 1, 2]);
    assert.throws(
      () => kmeans(xs, new Float64Array(6), { k: 4 }),
      failure("K_TOO_LARGE", /only 3 points are distinct/),
    );
  });

  it("gives distances to the centers it returns", () => {
    const random = generator(2);
    const [xs, ys] = [uniform(100, random), uniform(100, random)];
    const { clusters, centerXs, centerYs, distances } = kmeans(xs, ys, { k: 5 });
    allClose(
      distances,
      Array.from(clusters, (c, i) => Math.hypot(xs[i]! - centerXs[c]!, ys[i]! - centerYs[c]!)),
    );
  });

  it("refuses k of n or more and values that are not whole", () => {
    const xs = Float64Array.of(1, 2);
    assert.throws(() => kmeans(xs, xs, { k: 2 }), failure("K_TOO_LARGE", /k is 2, but there are only 2 points/));
    assert.throws(
      () => kmeans(new Float64Array(0), new Float64Array(0), { k: 1 }),
      failure("K_TOO_LARGE", /only 0 points/),
    );
    assert.throws(() => kmeans(xs, xs, { k: 0 }), failure("INVALID_PARAMETER", /k is 0/));
    assert.throws(() => kmeans(xs, xs, { k: 1, nInit: 0 }), failure("INVALID_PARAMETER", /nInit is 0/));
  });
});
