import assert from "node:assert/strict";
import {
  difference,
  geometryFromGeoJson,
  higherOrder,
  intersection,
  knn,
  queen,
  rook,
  summarise,
  symmetric,
  transform,
  union,
  type Weights,
} from "driveshaft";
import { allClose, close, failure } from "../support/assertions.js";
import { fixture } from "../support/fixtures.js";
import { generator, uniform } from "../support/random.js";
import { row, uneven, weighted } from "../support/weights.js";

const rows = (w: Weights): number[][] => Array.from({ length: w.n }, (_, i) => row(w, i).neighbors);
const ascending = (values: Iterable<number>): number[] => [...values].sort((a, b) => a - b);
const random = generator(23);
const a = uneven(25, random);
const b = knn(uniform(25, random), uniform(25, random), { k: 5 });
const c = knn(uniform(25, random), uniform(25, random), { k: 9 });

describe("combined weights", () => {
  it("have the pairs of any, of all, and of the first alone", () => {
    const sets = [a, b, c].map((w) => rows(w).map((neighbors) => new Set(neighbors)));
    const expect = (wanted: (at: boolean[]) => boolean): number[][] =>
      [...Array(25).keys()].map((i) => [...Array(25).keys()].filter((j) => wanted(sets.map((set) => set[i]!.has(j)))));
    assert.deepEqual(
      rows(union([a, b, c])),
      expect((at) => at.includes(true)),
    );
    assert.deepEqual(
      rows(intersection([a, b, c])),
      expect((at) => !at.includes(false)),
    );
    assert.deepEqual(
      rows(difference([a, b, c])),
      expect(([first, ...others]) => first! && !others.includes(true)),
    );
  });

  it("refuse weights of other locations", () => {
    assert.throws(
      () => union([a, uneven(12, random)]),
      failure("INVALID_WEIGHTS", /weights of 25 and of 12 locations cannot be combined/),
    );
    assert.throws(() => intersection([]), failure("INVALID_WEIGHTS", /no weights to combine/));
  });

  it("are symmetric in their symmetric closure", () => {
    const closed = rows(symmetric(a));
    rows(a).forEach((neighbors, i) =>
      neighbors.forEach((j) => assert.ok(closed[i]!.includes(j) && closed[j]!.includes(i))),
    );
    const expected = rows(a).map((neighbors, i) =>
      ascending(new Set([...neighbors, ...[...Array(25).keys()].filter((j) => rows(a)[j]!.includes(i))])),
    );
    assert.deepEqual(closed, expected);
  });
});

describe("weights of higher order", () => {
  it("are at the end of shortest paths", () => {
    const w = queen(fixture("columbus").geometry);
    // the slow twin: Floyd and Warshall
    const steps = Array.from({ length: w.n }, (_, i) =>
      Array.from({ length: w.n }, (_, j) => (i === j ? 0 : row(w, i).neighbors.includes(j) ? 1 : Infinity)),
    );
    for (let k = 0; k < w.n; k++)
      for (let i = 0; i < w.n; i++)
        for (let j = 0; j < w.n; j++) steps[i]![j] = Math.min(steps[i]![j]!, steps[i]![k]! + steps[k]![j]!);
    for (const order of [1, 2, 3, 50]) {
      const at = (wanted: (step: number) => boolean): number[][] =>
        steps.map((line) => [...line.keys()].filter((j) => line[j]! > 0 && wanted(line[j]!)));
      assert.deepEqual(
        rows(higherOrder(w, order)),
        at((step) => step === order),
      );
      assert.deepEqual(
        rows(higherOrder(w, order, true)),
        at((step) => step <= order),
      );
    }
    assert.throws(() => higherOrder(w, 0), failure("INVALID_PARAMETER", /order is 0/));
  });
});

describe("the summary of weights", () => {
  it("counts pairs, islands, components and cardinalities, and tells symmetry", () => {
    // 0 -> 1 -> 2, 3 <-> 4, and 5 alone
    const w: Weights = {
      n: 6,
      offsets: Int32Array.of(0, 1, 2, 2, 3, 4, 4),
      neighbors: Int32Array.of(1, 2, 4, 3),
    };
    assert.deepEqual(summarise(w), {
      n: 6,
      pairs: 4,
      islands: 2,
      components: 3,
      sparsity: 1 - 4 / 30,
      symmetric: false,
      cardinalities: { 0: 2, 1: 4 },
    });
    assert.equal(summarise(symmetric(w)).symmetric, true);
    assert.equal(summarise(symmetric(w)).components, 3);
    // as many in as out everywhere, but round in a circle
    assert.equal(
      summarise({ n: 3, offsets: Int32Array.of(0, 1, 2, 3), neighbors: Int32Array.of(1, 2, 0) }).symmetric,
      false,
    );
    assert.deepEqual(summarise({ n: 0, offsets: Int32Array.of(0), neighbors: new Int32Array(0) }).components, 0);
  });
});

describe("contiguity with snapping", () => {
  it("takes coordinates for equal that round to the same multiple", () => {
    const square = (x: number, gap: number): object => ({
      type: "Polygon",
      coordinates: [
        [
          [x + gap, 0],
          [x + 1, 0],
          [x + 1, 1],
          [x + gap, 1],
          [x + gap, 0],
        ],
      ],
    });
    const geometry = geometryFromGeoJson([
      { geometry: square(0, 0) },
      { geometry: square(1, 0.004) },
      { geometry: square(2, 0.3) },
    ]);
    assert.deepEqual(rows(queen(geometry)), [[], [], []]);
    assert.deepEqual(rows(queen(geometry, { snap: 0.01 })), [[1], [0], []]);
    assert.deepEqual(rows(rook(geometry, { snap: 0.01 })), [[1], [0], []]);
    assert.throws(() => queen(geometry, { snap: -1 }), failure("INVALID_PARAMETER", /snap is -1/));
  });
});

describe("standardised weights", () => {
  const w = { ...weighted(a, random), diagonal: Float64Array.from({ length: 25 }, () => random()) };

  it("sum to 1 by row, to 1 together, to n where variance-stabilised, and are 1 where binary", () => {
    const sums = (of: Weights): number[] =>
      Array.from({ length: 25 }, (_, i) => row(of, i).weights.reduce((x, y) => x + y, of.diagonal?.[i] ?? 0));
    allClose(sums(transform(w, "R")), new Float64Array(25).fill(1), 1e-14);
    close(
      sums(transform(w, "D")).reduce((x, y) => x + y),
      1,
    );
    const stable = transform(w, "V");
    close(
      sums(stable).reduce((x, y) => x + y),
      25,
    );
    // rows have the same sum of squares
    const squares = Array.from({ length: 25 }, (_, i) =>
      row(stable, i).weights.reduce((x, y) => x + y * y, stable.diagonal![i]! ** 2),
    );
    allClose(squares, new Float64Array(25).fill(squares[0]!), 1e-12);
    assert.ok(transform(w, "B").weights!.every((weight) => weight === 1));
    assert.deepEqual(transform(w, "O").weights, w.weights);
  });

  it("take weights without values as binary", () => {
    assert.deepEqual([...transform(b, "O").weights!], Array<number>(125).fill(1));
    assert.equal(transform(b, "R"), b);
    allClose(transform(b, "D").weights!, new Float64Array(125).fill(1 / 125), 1e-15);
  });

  it("leave islands islands, and refuse to scale weights that are all 0", () => {
    const empty = { n: 2, offsets: Int32Array.of(0, 1, 1), neighbors: Int32Array.of(1), weights: Float64Array.of(0) };
    assert.deepEqual([...transform(empty, "R").weights!], [0]);
    assert.throws(() => transform(empty, "D"), failure("INVALID_WEIGHTS", /every weight is 0/));
  });
});
