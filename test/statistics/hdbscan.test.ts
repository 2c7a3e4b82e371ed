import assert from "node:assert/strict";
import { hdbscan, selections, type Hdbscan, type Selection } from "#dist/index.js";
import { allClose, failure } from "../support/assertions.js";
import { generator, uniform } from "../support/random.js";

const EARTH_RADIUS = 6_371_008.8;

interface Edge {
  from: number;
  to: number;
  length: number;
}

interface Cluster {
  parent: number;
  birth: number;
  death: number;
  stability: number;
  points: number[];
}

interface Settings {
  minClusterSize: number;
  minSamples: number;
  selection: Selection;
}

/** A minimum spanning tree by mutual reachability, by Prim's algorithm on all pairs. */
function prim(n: number, distance: (i: number, j: number) => number, minSamples: number): Edge[] {
  const all = Array.from({ length: n }, (_, i) => i);
  const cores = all.map((i) => all.map((j) => (i === j ? 0 : distance(i, j))).sort((a, b) => a - b)[minSamples - 1]!);
  const best = all.map((to): Edge => ({ from: 0, to, length: Infinity }));
  const outside = new Set(all.slice(1));
  const edges: Edge[] = [];
  for (let last = 0; outside.size > 0;) {
    let nearest: Edge | undefined;
    for (const to of outside) {
      const length = Math.max(distance(last, to), cores[last]!, cores[to]!);
      if (length < best[to]!.length) best[to] = { from: last, to, length };
      if (!nearest || best[to]!.length < nearest.length) nearest = best[to]!;
    }
    edges.push(nearest!);
    last = nearest!.to;
    outside.delete(last);
  }
  return edges;
}

/** What is left of a component when edges are taken away: sets of points with the edges that they keep. */
function partsOf(points: number[], edges: Edge[]): { points: number[]; edges: Edge[] }[] {
  const own = new Map(points.map((i) => [i, i]));
  const root = (i: number): number => (own.get(i) === i ? i : root(own.get(i)!));
  for (const { from, to } of edges) own.set(root(from), root(to));
  const parts = new Map<number, { points: number[]; edges: Edge[] }>();
  for (const i of points) {
    const part = parts.get(root(i)) ?? { points: [], edges: [] };
    parts.set(root(i), part);
    part.points.push(i);
  }
  for (const edge of edges) parts.get(root(edge.from))!.edges.push(edge);
  return [...parts.values()];
}

/** HDBSCAN as it is defined, cluster by cluster from the whole. */
function twin(n: number, distance: (i: number, j: number) => number, settings: Settings): Omit<Hdbscan, "sizes"> {
  const { minClusterSize, minSamples, selection } = settings;
  const clusters: Cluster[] = [];
  const lasts = new Int32Array(n);
  const exits = new Float64Array(n);
  function follow(parent: number, birth: number, all: number[], among: Edge[]): void {
    const number = clusters.length;
    const cluster: Cluster = { parent, birth, death: birth, stability: 0, points: all };
    clusters.push(cluster);
    for (let [points, edges] = [all, among]; ;) {
      const length = edges.reduce((most, edge) => Math.max(most, edge.length), -Infinity);
      cluster.death = length;
      const parts = partsOf(
        points,
        edges.filter((edge) => edge.length < length),
      );
      const large = parts.filter((part) => part.points.length >= minClusterSize);
      const left = points.length - (large.length === 1 ? large[0]!.points.length : 0);
      cluster.stability += left * (1 / length - 1 / birth);
      for (const part of parts) {
        if (large.includes(part)) continue;
        for (const i of part.points) [lasts[i], exits[i]] = [number, length];
      }
      if (large.length !== 1) {
        for (const part of large) follow(number, length, part.points, part.edges);
        return;
      }
      ({ points, edges } = large[0]!);
    }
  }
  follow(
    -1,
    Infinity,
    Array.from({ length: n }, (_, i) => i),
    prim(n, distance, minSamples),
  );
  const childrenOf = (c: number): number[] => [...clusters.keys()].filter((child) => clusters[child]!.parent === c);
  const worth = (c: number): number => Math.max(c === 0 ? 0 : clusters[c]!.stability, within(c));
  const within = (c: number): number => childrenOf(c).reduce((sum, child) => sum + worth(child), 0);
  const isTaken = (c: number): boolean => {
    if (c === 0) return false;
    if (childrenOf(c).length === 0) return true;
    return selection === "eom" && clusters[c]!.stability >= within(c);
  };
  const takenAbove = (c: number): number =>
    c < 0 ? -1 : ((above) => (above >= 0 ? above : isTaken(c) ? c : -1))(takenAbove(clusters[c]!.parent));
  const labels = Array.from(lasts, takenAbove);
  const last = (c: number): number => Math.min(clusters[c]!.death, ...childrenOf(c).map(last));
  const ratio = (part: number, whole: number): number => (part === whole ? 1 : part / whole);
  const numbers = [...new Set(labels.filter((label) => label >= 0))].sort(
    (a, b) => clusters[b]!.points.length - clusters[a]!.points.length || labels.indexOf(a) - labels.indexOf(b),
  );
  return {
    clusters: Int32Array.from(labels, (label) => numbers.indexOf(label)),
    probabilities: Float64Array.from(labels, (label, i) =>
      label < 0 ? 0 : ratio(clusters[label]!.death, Math.max(clusters[label]!.death, exits[i]!)),
    ),
    outlierScores: Float64Array.from(lasts, (c, i) => 1 - ratio(last(c), exits[i]!)),
  };
}

function assertLike(actual: Hdbscan, expected: Omit<Hdbscan, "sizes">, tolerance?: number): void {
  assert.deepEqual([...actual.clusters], [...expected.clusters]);
  allClose(actual.probabilities, expected.probabilities, tolerance);
  allClose(actual.outlierScores, expected.outlierScores, tolerance);
}

const inThePlane =
  (xs: Float64Array, ys: Float64Array) =>
  (i: number, j: number): number =>
    Math.sqrt((xs[i]! - xs[j]!) ** 2 + (ys[i]! - ys[j]!) ** 2);

/** Points in clusters of all widths. */
function clustered(n: number, random: () => number): [Float64Array, Float64Array] {
  const centers = Array.from({ length: 5 }, () => [random(), random(), 0.2 * random() ** 3] as const);
  const own = Array.from({ length: n }, () => centers[Math.floor(5 * random())]!);
  return [
    Float64Array.from(own, ([x, , width]) => x + width * (random() - random())),
    Float64Array.from(own, ([, y, width]) => y + width * (random() - random())),
  ];
}

const lattice = (n: number, steps: number, random: () => number): [Float64Array, Float64Array] => [
  Float64Array.from({ length: n }, () => Math.floor(steps * random())),
  Float64Array.from({ length: n }, () => Math.floor(steps * random())),
];

describe("hdbscan", () => {
  it("is what its definition says, on uniform and clustered points, and on lattices where lengths tie", () => {
    const random = generator(77);
    for (const [xs, ys] of [
      [uniform(90, random), uniform(90, random)] as const,
      clustered(90, random),
      lattice(90, 25, random),
      lattice(90, 7, random),
      [uniform(40, random), new Float64Array(40)] as const,
    ]) {
      for (const minClusterSize of [2, 6]) {
        for (const minSamples of [1, 4, 40]) {
          for (const selection of selections) {
            const settings = { minClusterSize, minSamples, selection };
            assertLike(hdbscan(xs, ys, settings), twin(xs.length, inThePlane(xs, ys), settings));
          }
        }
      }
    }
  });

  it("is so on the sphere, across the date line", () => {
    const random = generator(6);
    const [xs, ys] = clustered(120, random);
    const lons = xs.map((x) => (x > 0.5 ? -180.5 : 179.5) + x);
    const radians = Math.PI / 180;
    const square = (i: number, j: number): number =>
      Math.sin(((ys[j]! - ys[i]!) * radians) / 2) ** 2 +
      Math.cos(ys[i]! * radians) * Math.cos(ys[j]! * radians) * Math.sin(((lons[j]! - lons[i]!) * radians) / 2) ** 2;
    const distance = (i: number, j: number): number => 2 * EARTH_RADIUS * Math.asin(Math.sqrt(square(i, j)));
    for (const minSamples of [5, 50]) {
      const settings = { minClusterSize: 5, minSamples, selection: "eom" as const };
      // unit vectors keep fewer digits of what is near
      assertLike(hdbscan(lons, ys, { ...settings, greatCircle: true }), twin(120, distance, settings), 1e-7);
    }
  });

  it("finds two groups and leaves out what is between, as drawn on paper", () => {
    // five points 1 apart, five 2 apart, and one that is 20 from both
    const xs = Float64Array.of(0, 1, 2, 3, 4, 24, 44, 46, 48, 50, 52);
    const { clusters, probabilities, outlierScores, sizes } = hdbscan(xs, new Float64Array(11), {
      minClusterSize: 3,
      minSamples: 2,
    });
    assert.deepEqual([...clusters], [0, 0, 0, 0, 0, -1, 1, 1, 1, 1, 1]);
    assert.deepEqual([...probabilities], [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1]);
    assert.deepEqual([...sizes], [5, 5]);
    // the densest below the point between is 1 apart, a twentieth of its distance
    allClose(outlierScores, [0, 0, 0, 0, 0, 0.95, 0, 0, 0, 0, 0]);
  });

  it("takes the most stable clusters, or by leaf those that hold no others", () => {
    // two pairs of triples near each other, far apart
    const xs = Float64Array.of(0, 1, 2, 5, 6, 7, 1000, 1001, 1002, 1005, 1006, 1007);
    const ys = new Float64Array(12);
    const settings = { minClusterSize: 3, minSamples: 1 };
    assert.equal(hdbscan(xs, ys, { ...settings, selection: "leaf" }).sizes.length, 4);
    // 6 (1 / 3 - 1 / 993) against 2 times 3 (1 - 1 / 3)
    assert.equal(hdbscan(xs, ys, settings).sizes.length, 4);
    // 6 (1 / 1.5 - 1 / 993) against 2 times 3 (1 - 1 / 1.5)
    const nearer = xs.map((x) => x - (x % 1000 > 4 ? 1.5 : 0));
    assert.equal(hdbscan(nearer, ys, settings).sizes.length, 2);
  });

  it("permutes with the rows, also where lengths tie", () => {
    const random = generator(21);
    const [xs, ys] = lattice(3000, 90, random);
    const order = Array.from(xs, (_, i) => ({ i, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ i }) => i);
    const one = hdbscan(xs, ys);
    const other = hdbscan(
      Float64Array.from(order, (i) => xs[i]!),
      Float64Array.from(order, (i) => ys[i]!),
    );
    assert.deepEqual(
      [...other.probabilities],
      order.map((i) => one.probabilities[i]),
    );
    assert.deepEqual(
      [...other.outlierScores],
      order.map((i) => one.outlierScores[i]),
    );
    const renamed = new Map(order.map((i, at) => [one.clusters[i]!, other.clusters[at]!]));
    assert.deepEqual(
      [...other.clusters],
      order.map((i) => renamed.get(one.clusters[i]!)),
    );
    assert.equal(new Set(renamed.values()).size, renamed.size);
  });

  it("takes coincident points: a heap of them is a cluster of its own, with others around it none", () => {
    const n = 20_000;
    const same = hdbscan(new Float64Array(n), new Float64Array(n));
    assert.deepEqual([same.sizes.length, same.clusters[0], same.outlierScores[0]], [0, -1, 0]);
    const places = Float64Array.from({ length: n }, (_, i) => i % 3);
    const three = hdbscan(places, new Float64Array(n), { minClusterSize: 1000 });
    assert.deepEqual([...three.sizes], [6667, 6667, 6666]);
    const xs = Float64Array.of(0, 0, 0, 0, 0, 1, 2, 100, 101, 102, 103, 104);
    const { clusters, probabilities, outlierScores } = hdbscan(xs, new Float64Array(12), { minClusterSize: 4 });
    assert.deepEqual([...clusters], [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    assert.deepEqual([...probabilities.subarray(0, 7)], [1, 1, 1, 1, 1, 0, 0]);
    assert.ok([...probabilities, ...outlierScores].every((value) => value >= 0 && value <= 1));
    const extremes = hdbscan(Float64Array.of(-1e308, 1e308, 0, 1e-308, 5), new Float64Array(5), { minClusterSize: 2 });
    assert.ok([...extremes.probabilities, ...extremes.outlierScores].every((value) => value >= 0 && value <= 1));
  });

  it("has no cluster where there are fewer points than one takes, and none but the whole", () => {
    for (const n of [0, 1, 2]) {
      const { clusters, sizes } = hdbscan(new Float64Array(n), new Float64Array(n));
      assert.deepEqual([clusters.length, sizes.length], [n, 0]);
    }
    const two = Float64Array.of(1, 2);
    assert.deepEqual([...hdbscan(two, two, { minClusterSize: 2 }).clusters], [-1, -1]);
  });

  it("refuses what is no number of points", () => {
    const xs = Float64Array.of(1, 2, 3);
    assert.throws(() => hdbscan(xs, xs, { minClusterSize: 1 }), failure("INVALID_PARAMETER", /minClusterSize is 1/));
    assert.throws(() => hdbscan(xs, xs, { minSamples: 0 }), failure("INVALID_PARAMETER", /minSamples is 0/));
    assert.throws(
      () => hdbscan(xs, xs, { minClusterSize: 2, minSamples: 4 }),
      failure("K_TOO_LARGE", /minSamples is 4, but there are only 3 points/),
    );
    assert.throws(() => hdbscan(xs, Float64Array.of(1, 2, NaN)), failure("INVALID_PARAMETER", /point 2/));
  });
});
