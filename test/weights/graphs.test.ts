import assert from "node:assert/strict";
import {
  block,
  difference,
  higherOrder,
  intersection,
  knn,
  parseGal,
  parseGwt,
  queen,
  summarise,
  symmetric,
  transform,
  union,
  weightsOfPairs,
  withDiagonal,
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

describe("block weights", () => {
  it("have all others with the same label, and no neighbors without one", () => {
    const labels = ["a", "b", null, "a", undefined, "b", "a", "c", NaN];
    assert.deepEqual(rows(block(labels)), [[3, 6], [5], [], [0, 6], [], [1], [0, 3], [], []]);
  });

  it("refuse more pairs than an array holds", () => {
    assert.throws(() => block(new Float64Array(20_000)), failure("INVALID_WEIGHTS", /more than 268435456 pairs/));
  });
});

describe("a diagonal", () => {
  it("weighs as much as the heaviest neighbor, and is kept where there is one", () => {
    const w = weighted(a, random);
    const own = withDiagonal(w);
    own.diagonal!.forEach((weight, i) => assert.equal(weight, Math.max(0, ...row(w, i).weights)));
    assert.equal(withDiagonal(own), own);
    const standard = transform(withDiagonal(a), "R");
    rows(a).forEach((neighbors, i) => close(standard.diagonal![i]!, neighbors.length && 1 / (neighbors.length + 1)));
  });
});

describe("weights from files", () => {
  it("are read from GAL, with islands and a header of one number or of four words", () => {
    for (const header of ["3", "0 3 counties FIPS"]) {
      const pairs = parseGal(`${header}\nx 1\nz\ny 0\n\nz 2\nx y\n`);
      const w = weightsOfPairs(pairs, ["z", "y", "x"]);
      assert.deepEqual(rows(w), [[1, 2], [], [0]]);
      assert.deepEqual([...w.weights!], [1, 1, 1]);
    }
  });

  it("are read from GWT with their weights, a pair of an id with itself being its diagonal", () => {
    const w = weightsOfPairs(parseGwt("0 3 shops id\r\n1 2 0.25\r\n3 1 2e1\r\n2 2 0.5\r\n"), [1, 2, 3]);
    assert.deepEqual(rows(w), [[1], [], [0]]);
    assert.deepEqual(
      [[...w.weights!], [...w.diagonal!]],
      [
        [0.25, 20],
        [0, 0.5, 0],
      ],
    );
  });

  it("say what is wrong with them", () => {
    for (const [text, message] of [
      ["", /first line has no number/],
      ["2\na 1\nb", /2 locations|has 1 locations/],
      ["1\na x", /number of neighbors of a is x/],
      ["1\na", /number of neighbors of a is missing/],
      ["1\na 3\nb c", /a has 3 neighbors, but the file ends/],
    ] as const) {
      assert.throws(() => parseGal(text), failure("INVALID_FILE", message));
    }
    assert.throws(() => parseGwt("2\na b"), failure("INVALID_FILE", /a pair is incomplete/));
    assert.throws(() => parseGwt("2\na b c"), failure("INVALID_FILE", /weight of a and b is c, expected a number/));
  });

  it("name the ids that no row has, up to ten of them, and pairs with a wrong weight or given twice", () => {
    const many = Array.from({ length: 12 }, (_, i) => `a u${i} 1`).join("\n");
    const weights = (text: string): Weights => weightsOfPairs(parseGwt(text), ["a", "b"]);
    assert.throws(
      () => weights(`2\n${many}`),
      failure("INVALID_WEIGHTS", /12 ids that no row has: u0, u1, u2, u3, u4, u5, u6, u7, u8, u9, \.\.\.$/),
    );
    assert.throws(() => weights("2\na c 1"), failure("INVALID_WEIGHTS", /1 id that no row has: c$/));
    assert.throws(() => weights("2\na b -1"), failure("INVALID_WEIGHTS", /weight of a and b is -1/));
    assert.throws(() => weights("2\na b 1\na b 2"), failure("INVALID_WEIGHTS", /the pair a, b twice/));
  });
});
