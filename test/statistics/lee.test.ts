import assert from "node:assert/strict";
import { lee, leeLocal, queen, transform, withDiagonal, type Weights } from "#dist/index.js";
import { standardised } from "#dist/statistics/standardise.js";
import { close, failure } from "../support/assertions.js";
import { fixture } from "../support/fixtures.js";
import { generator, uniform } from "../support/random.js";
import { row, uneven, weighted } from "../support/weights.js";

/** The weights as a matrix, with their diagonal; empty rows for islands. */
function dense(w: Weights): number[][] {
  return Array.from({ length: w.n }, (_, i) => {
    const values = new Array<number>(w.n).fill(0);
    const { neighbors, weights } = row(w, i);
    neighbors.forEach((j, q) => (values[j] = weights[q]!));
    if (neighbors.length > 0) values[i] = w.diagonal?.[i] ?? 0;
    return values;
  });
}

const times = (matrix: number[][], x: ArrayLike<number>): number[] =>
  matrix.map((values) => values.reduce((sum, weight, j) => sum + weight * x[j]!, 0));

/** Local L and its mean, by the formula. */
function plain(x: Float64Array, y: Float64Array, w: Weights): { l: number; local: number[] } {
  const matrix = dense(w);
  const scale = matrix.reduce((total, values) => total + values.reduce((a, b) => a + b) ** 2, 0);
  const [u, v] = [times(matrix, standardised(x).z), times(matrix, standardised(y).z)];
  const local = u.map((lag, i) => (w.n * lag * v[i]!) / scale);
  return { l: local.reduce((a, b) => a + b) / w.n, local };
}

/** Every way to choose `count` of the items, in order. */
function* arrangements<Item>(items: Item[], count: number): Generator<Item[]> {
  if (count === 0) {
    yield [];
    return;
  }
  for (const item of items) {
    for (const rest of arrangements(
      items.filter((other) => other !== item),
      count - 1,
    ))
      yield [item, ...rest];
  }
}

function moments(values: number[]): { mean: number; variance: number } {
  const mean = values.reduce((a, b) => a + b) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}

const random = generator(31);
const n = 7;
const x = uniform(n, random);
const y = x.map((value) => value + random());
const equal = uneven(n, random);
const unequal = weighted(equal, random);
const kinds: [string, Weights][] = [
  ["equal weights", equal],
  ["unequal weights", unequal],
  ["weights with a diagonal", { ...unequal, diagonal: uniform(n, random) }],
];

describe("lee", () => {
  for (const [kind, w] of kinds) {
    it(`agrees with the dense formula, and locally too (${kind})`, () => {
      const expected = plain(x, y, w);
      const local = leeLocal(x, y, w, { permutations: 9 });
      close(lee(x, y, w, { permutations: 0 }).l, expected.l);
      expected.local.forEach((value, i) => {
        if (i === 4) assert.ok(Number.isNaN(local.localL[i]) && Number.isNaN(local.zScore[i]));
        else close(local.localL[i]!, value);
      });
    });

    it(`has the moments of all permutations of the pairs of values (${kind})`, () => {
      const all = [...arrangements([...Array(n).keys()], n)].map(
        (order) =>
          plain(
            x.map((_, i) => x[order[i]!]!),
            y.map((_, i) => y[order[i]!]!),
            w,
          ).l,
      );
      const { mean, variance } = moments(all);
      const result = lee(x, y, w, { permutations: 0 });
      close(result.expected, mean);
      close(result.varianceRandom, variance);
      close(result.zRandom, (result.l - mean) / Math.sqrt(variance));
    });

    it(`has the local z of all draws of neighbors (${kind})`, () => {
      const [zx, zy] = [standardised(x).z, standardised(y).z];
      const result = leeLocal(x, y, w, { permutations: 9 });
      for (let i = 0; i < n; i++) {
        const { neighbors, weights } = row(w, i);
        if (neighbors.length === 0) continue;
        const others = [...Array(n).keys()].filter((j) => j !== i);
        const lag = (z: Float64Array, ids: number[]): number =>
          ids.reduce((sum, j, q) => sum + weights[q]! * z[j]!, (w.diagonal?.[i] ?? 0) * z[i]!);
        const drawn = [...arrangements(others, neighbors.length)].map((ids) => lag(zx, ids) * lag(zy, ids));
        const { mean, variance } = moments(drawn);
        close(result.zScore[i]!, (lag(zx, neighbors) * lag(zy, neighbors) - mean) / Math.sqrt(variance), 1e-8);
      }
    });
  }

  it("draws permutations whose mean and spread are those under randomisation", () => {
    const { geometry, column } = fixture("columbus");
    const w = transform(withDiagonal(queen(geometry)), "R");
    const result = lee(column("CRIME"), column("INC"), w, { permutations: 20_000 });
    close(result.zSim, result.zRandom, 0.025);
    close(result.l, plain(column("CRIME"), column("INC"), w).l);
  });

  it("is the square of the lag of a variable with itself", () => {
    const { l, pearson } = lee(x, x, equal, { permutations: 0 });
    close(pearson, 1);
    assert.ok(l > 0 && l < 1);
  });

  it("refuses variables without variation, of other lengths, and weights without neighbors", () => {
    const constant = new Float64Array(n).fill(2);
    assert.throws(() => lee(x, constant, equal), failure("CONSTANT_VALUES", /every value is 2/));
    assert.throws(() => leeLocal(x.subarray(1), y, equal), failure("INVALID_WEIGHTS", /x has 6 values/));
    const alone: Weights = { n, offsets: new Int32Array(n + 1), neighbors: new Int32Array() };
    assert.throws(() => lee(x, y, alone), failure("INVALID_WEIGHTS", /no location has a neighbor/));
  });
});
