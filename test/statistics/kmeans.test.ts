import assert from "node:assert/strict";
import { kmeans, kmeansColumns } from "#dist/index.js";
import { allClose, close, failure } from "../support/assertions.js";
import { generator, uniform } from "../support/random.js";

interface Plain {
  clusters: Int32Array;
  centers: Float64Array;
  inertia: number;
}

/** Plain Lloyd from given centers: every point against every center, the lowest number winning a tie. */
function lloyd(
  columns: Float64Array[],
  start: Float64Array,
  iterations: number,
  weights = new Float64Array(columns[0]!.length).fill(1),
): Plain {
  const centers = start.slice();
  const d = columns.length;
  const k = centers.length / d;
  const distance = (i: number, c: number): number =>
    columns.reduce((sum, column, a) => sum + (column[i]! - centers[d * c + a]!) ** 2, 0);
  const nearest = (i: number): number => {
    let best = 0;
    for (let c = 1; c < k; c++) if (distance(i, c) < distance(i, best)) best = c;
    return best;
  };
  let clusters = new Int32Array();
  let inertia = 0;
  for (let step = 0; step < iterations; step++) {
    clusters = Int32Array.from(weights, (_, i) => nearest(i));
    const sums = new Float64Array(d * k);
    const mass = new Float64Array(k);
    clusters.forEach((c, i) => {
      columns.forEach((column, a) => (sums[d * c + a]! += weights[i]! * column[i]!));
      mass[c]! += weights[i]!;
    });
    sums.forEach((sum, q) => {
      const divisor = mass[Math.floor(q / d)]!;
      if (divisor > 0) centers[q] = sum / divisor;
    });
    inertia = clusters.reduce((sum, c, i) => sum + weights[i]! * distance(i, c), 0);
  }
  return { clusters, centers, inertia };
}

/** Silhouettes from all pairs. */
function silhouettes(columns: Float64Array[], clusters: Int32Array): Float64Array {
  const sizes = new Float64Array(Math.max(...clusters) + 1);
  for (const c of clusters) sizes[c]!++;
  return Float64Array.from(clusters, (own, i) => {
    const sums = new Float64Array(sizes.length);
    clusters.forEach((c, j) => (sums[c]! += columns.reduce((sum, x) => sum + (x[i]! - x[j]!) ** 2, 0)));
    if (sizes[own] === 1) return 0;
    const among = sums[own]! / (sizes[own]! - 1);
    const other = Math.min(...sums.map((sum, c) => (c === own ? Infinity : sum / sizes[c]!)));
    return among === other ? 0 : (other - among) / Math.max(among, other);
  });
}

/** Columns of n values, uniform or in seven groups. */
function data(n: number, d: number, isGrouped: boolean, random: () => number): Float64Array[] {
  return Array.from({ length: d }, (_, a) =>
    Float64Array.from({ length: n }, (_, i) => (isGrouped ? ((i * (2 * a + 1)) % 7) + 0.1 * random() : random())),
  );
}

/** Values of some rows as centers. */
const centersAt = (columns: Float64Array[], rows: number[]): Float64Array =>
  Float64Array.from(rows.flatMap((row) => columns.map((column) => column[row]!)));

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
  it("has the inertia of plain Lloyd from the same start, after every number of iterations, in any dimensions", () => {
    const random = generator(17);
    for (const d of [1, 2, 3, 4, 5, 8]) {
      for (const isGrouped of [false, true]) {
        const columns = data(200, d, isGrouped, random);
        const weights = isGrouped ? columns[0]!.map((_, i) => (i % 5 === 0 ? 0 : random())) : undefined;
        for (const k of [1, 2, 20]) {
          const centers = centersAt(
            columns,
            Array.from({ length: k }, (_, c) => 9 * c),
          );
          for (const maxIterations of [1, 2, 5, 40]) {
            const found = kmeansColumns(columns, { k, centers, maxIterations, weights, standardize: false });
            close(found.inertia, lloyd(columns, centers, found.converged ? 40 : maxIterations, weights).inertia);
          }
        }
      }
    }
  });

  it("gives a point between two centers to the first, as plain Lloyd does", () => {
    // a lattice, and centers on it that many of its points are as far from, the highest first
    const columns = [0, 1].map((a) => Float64Array.from({ length: 1600 }, (_, i) => (a === 0 ? i % 40 : (i / 40) | 0)));
    const centers = Float64Array.of(30, 30, 10, 30, 30, 10, 10, 10, 20, 20);
    const zeros = [0, 0, 0].map(() => new Float64Array(1600));
    for (const more of [[], zeros]) {
      const start = Float64Array.from(
        [0, 1, 2, 3, 4].flatMap((c) => [...centers.subarray(2 * c, 2 * c + 2), ...more.map(() => 0)]),
      );
      for (const maxIterations of [1, 2, 3, 8]) {
        const plain = lloyd(columns, centers, maxIterations);
        const options = { k: 5, centers: start, maxIterations, standardize: false };
        const { clusters, centers: found } = kmeansColumns([...columns, ...more], options);
        assert.deepEqual(
          Array.from(clusters, (c) => [found[0]![c], found[1]![c]]),
          Array.from(plain.clusters, (c) => [plain.centers[2 * c], plain.centers[2 * c + 1]]),
        );
      }
    }
  });

  it("has it with thousands of centers, also after a smaller job in the same memory", () => {
    const random = generator(5);
    const [xs, ys] = [uniform(2000, random), uniform(2000, random)];
    kmeans(xs, ys, { k: 3 });
    const centers = centersAt([xs, ys], [...Array(1200).keys()]);
    close(kmeans(xs, ys, { k: 1200, centers, maxIterations: 2 }).inertia, lloyd([xs, ys], centers, 2).inertia);
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
    for (let trial = 0; trial < 6; trial++) {
      const places = Float64Array.from({ length: 80 }, () => 1000 * random() ** 3);
      const xs = Float64Array.from({ length: 300 }, () => places[Math.floor(80 * random() ** 2)]!);
      const [ys, k, least] = [new Float64Array(300), 40, optimum(xs, 40)];
      const ratio = kmeans(xs, ys, { k, nInit: 50, seed: trial }).inertia / least;
      assert.ok(ratio < 1.03, `${ratio}`);
      const single = Array.from({ length: 40 }, (_, seed) => kmeans(xs, ys, { k, nInit: 1, seed }).inertia / least);
      const mean = single.reduce((a, b) => a + b) / single.length;
      assert.ok(mean < 1.2, `${mean}`);
    }
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
    assert.throws(() => kmeans(xs, xs, { k: [2, 1] }), failure("INVALID_PARAMETER", /k is from 2 to 1/));
    assert.equal(kmeans(xs, xs, { k: 1 }).inertia, 1);
    const far = Float64Array.of(1e200, 2, 3);
    assert.throws(() => kmeans(far, far, { k: 2 }), failure("INVALID_PARAMETER", /above 1e\+150/));
  });

  it("has silhouettes as from all pairs, in the plane, on the sphere, in many dimensions, whatever the weights", () => {
    const random = generator(8);
    const columns = data(150, 5, true, random);
    const weights = uniform(150, random);
    const options = { k: 6, silhouettes: true };
    const wide = kmeansColumns(columns, { ...options, weights, standardize: false });
    allClose(wide.silhouettes!, silhouettes(columns, wide.clusters));
    const [xs, ys] = columns as [Float64Array, Float64Array];
    const plane = kmeans(xs, ys, options);
    allClose(plane.silhouettes!, silhouettes([xs, ys], plane.clusters));
    const { clusters, silhouettes: chords } = kmeans(xs, ys, { ...options, greatCircle: true });
    const radians = (degrees: number): number => (degrees * Math.PI) / 180;
    const space = [
      xs.map((x, i) => Math.cos(radians(x)) * Math.cos(radians(ys[i]!))),
      xs.map((x, i) => Math.sin(radians(x)) * Math.cos(radians(ys[i]!))),
      ys.map((y) => Math.sin(radians(y))),
    ];
    allClose(chords!, silhouettes(space, clusters), 1e-7);
  });

  it("has a silhouette of 0 for a point alone and for points that lie together, none with one cluster", () => {
    const xs = Float64Array.of(0, 1, 9);
    const two = kmeans(xs, new Float64Array(3), { k: 2, silhouettes: true });
    assert.equal(two.silhouettes![2], 0);
    assert.ok(two.silhouettes![0]! > 0.9);
    assert.ok(kmeans(xs, xs, { k: 1, silhouettes: true }).silhouettes!.every(Number.isNaN));
    assert.equal(kmeans(xs, xs, { k: 2 }).silhouettes, undefined);
  });

  it("takes a weight as that many points, and none for what weighs nothing", () => {
    const random = generator(12);
    const [xs, ys] = [uniform(60, random), uniform(60, random)];
    const weights = Float64Array.from(xs, (_, i) => i % 4);
    const repeated = (values: Float64Array): Float64Array =>
      Float64Array.from([...values].flatMap((value, i) => Array<number>(weights[i]!).fill(value)));
    const centers = centersAt([xs, ys], [1, 2, 3, 5]);
    const weighted = kmeans(xs, ys, { k: 4, centers, weights });
    const many = kmeans(repeated(xs), repeated(ys), { k: 4, centers });
    close(weighted.inertia, many.inertia);
    allClose(weighted.centerXs.toSorted(), many.centerXs.toSorted());
    const two = Float64Array.from(xs, (_, i) => Number(i < 2));
    assert.throws(
      () => kmeans(xs, ys, { k: 3, weights: two }),
      failure("K_TOO_LARGE", /k is 3, but only 2 points with a weight are distinct/),
    );
    assert.throws(
      () => kmeans(xs, ys, { k: 3, weights: two.map((w) => -w) }),
      failure("INVALID_PARAMETER", /weights\[0\] is -1/),
    );
    assert.throws(
      () => kmeans(xs, ys, { k: 3, weights: new Float64Array(60) }),
      failure("INVALID_PARAMETER", /none of 60 points has a weight above 0/),
    );
  });

  it("does not depend on the units of standardised columns, and gives centers in these", () => {
    const random = generator(31);
    const columns = data(300, 3, true, random);
    const scaled = columns.map((column, a) => column.map((value) => 10 ** (3 * a) * value - 1000 * a));
    const [one, other] = [kmeansColumns(columns, { k: 5 }), kmeansColumns(scaled, { k: 5 })];
    assert.deepEqual(one.clusters, other.clusters);
    close(one.inertia, other.inertia);
    one.columnCenters.forEach((center, a) => {
      const members = [...scaled[a]!].filter((_, i) => other.clusters[i] === 0);
      close(other.columnCenters[a]![0]!, members.reduce((sum, value) => sum + value, 0) / members.length);
      close(other.columnCenters[a]![1]!, 10 ** (3 * a) * center[1]! - 1000 * a);
    });
    // columns of variance 1: the inertia of one cluster is n for each
    close(kmeansColumns(scaled, { k: 1 }).inertia, 900);
    assert.ok(kmeansColumns(scaled, { k: 5, standardize: false }).inertia > 1e6);
  });

  it("chooses the k of the largest silhouette, or at the elbow, and says what tells for each", () => {
    const random = generator(3);
    const xs = Float64Array.from({ length: 200 }, (_, i) => 10 * (i % 4) + random());
    const ys = xs.map((_, i) => 10 * (i % 2) + random());
    for (const criterion of ["silhouette", "elbow"] as const) {
      const chosen = kmeans(xs, ys, { k: [1, 9], criterion, silhouettes: true });
      assert.equal(chosen.k, 4);
      assert.deepEqual(
        chosen.scores.map(({ k }) => k),
        [1, 2, 3, 4, 5, 6, 7, 8, 9],
      );
      const { silhouette, inertia } = chosen.scores[3]!;
      close(chosen.silhouettes!.reduce((a, b) => a + b) / 200, silhouette);
      assert.equal(inertia, chosen.inertia);
      assert.deepEqual({ ...kmeans(xs, ys, { k: 4, silhouettes: true }), scores: chosen.scores }, chosen);
    }
  });

  it("names columns that cannot be clustered by", () => {
    const x = Float64Array.of(1, 2, 3, 4);
    const names = ["income", "births"];
    const by = (columns: Float64Array[], k = 2) => kmeansColumns(columns, { k, names });
    assert.throws(() => by([x, x.map(() => 5)]), failure("CONSTANT_VALUES", /every value of births is 5/));
    assert.throws(() => by([x, x.subarray(1)]), failure("INVALID_PARAMETER", /births has 3 elements and income 4/));
    assert.throws(() => by([x, x.map((v) => 1 / (v - 1))]), failure("INVALID_PARAMETER", /births\[0\] is Infinity/));
    assert.throws(() => by([]), failure("INVALID_PARAMETER", /there are no columns/));
    assert.throws(() => by([x, x], 4), failure("K_TOO_LARGE", /only 4 points/));
    assert.throws(() => by([x.subarray(0, 1)], 1), failure("K_TOO_LARGE", /only 1 points/));
    assert.throws(() => by([new Float64Array()], 1), failure("K_TOO_LARGE", /only 0 points/));
  });
});
