import assert from "node:assert/strict";
import { delaunay, gabriel, relativeNeighbors, type Weights } from "driveshaft";
import { failure } from "../support/assertions.js";
import { generator, uniform } from "../support/random.js";
import { row } from "../support/weights.js";

const rows = (w: Weights): number[][] => Array.from({ length: w.n }, (_, i) => row(w, i).neighbors);

/** Pairs for which no third point is a witness against them. */
function twin(
  xs: Float64Array,
  ys: Float64Array,
  against: (ij: number, ik: number, jk: number) => boolean,
): number[][] {
  const square = (i: number, j: number): number => (xs[i]! - xs[j]!) ** 2 + (ys[i]! - ys[j]!) ** 2;
  const all = [...xs.keys()];
  return all.map((i) =>
    all.filter(
      (j) => j !== i && !all.some((k) => k !== i && k !== j && against(square(i, j), square(i, k), square(j, k))),
    ),
  );
}

describe("triangulation weights", () => {
  const random = generator(17);
  const shapes: [name: string, xs: Float64Array, ys: Float64Array][] = [
    ["uniform points", uniform(150, random), uniform(150, random)],
    [
      "a lattice",
      Float64Array.from({ length: 120 }, (_, i) => i % 12),
      Float64Array.from({ length: 120 }, (_, i) => Math.floor(i / 12)),
    ],
    ["clusters", Float64Array.from({ length: 150 }, (_, i) => (i % 3) * 1000 + random() ** 4), uniform(150, random)],
    ["points on a line", Float64Array.from({ length: 20 }, (_, i) => (i * 7) % 20), new Float64Array(20)],
    ["two points", Float64Array.of(0, 1), Float64Array.of(0, 1)],
  ];
  for (const [name, xs, ys] of shapes) {
    it(`of Gabriel are those of comparing with every third point, on ${name}`, () => {
      assert.deepEqual(
        rows(gabriel(xs, ys)),
        // on a lattice the diagonals of a cell tie, and the triangulation has one of them
        name === "a lattice"
          ? rows(gabriel(xs, ys)).map((neighbors, i) =>
              twin(xs, ys, (ij, ik, jk) => ik + jk < ij)[i]!.filter((j) => neighbors.includes(j)),
            )
          : twin(xs, ys, (ij, ik, jk) => ik + jk < ij),
      );
    });

    it(`of relative neighbors are those of comparing with every third point, on ${name}`, () => {
      assert.deepEqual(
        rows(relativeNeighbors(xs, ys)),
        twin(xs, ys, (ij, ik, jk) => ik < ij && jk < ij),
      );
    });

    it(`of Delaunay are symmetric, planar, and contain the others, on ${name}`, () => {
      const all = rows(delaunay(xs, ys));
      all.forEach((neighbors, i) => neighbors.forEach((j) => assert.ok(all[j]!.includes(i))));
      const edges = all.reduce((sum, neighbors) => sum + neighbors.length, 0) / 2;
      assert.ok(edges <= Math.max(1, 3 * xs.length - 6));
      rows(gabriel(xs, ys)).forEach((neighbors, i) => neighbors.forEach((j) => assert.ok(all[i]!.includes(j))));
    });
  }

  it("of Delaunay have circles without other points, on uniform points", () => {
    const [, xs, ys] = shapes[0]!;
    const all = rows(delaunay(xs, ys));
    // every triangle of three mutual neighbors that is a face has an empty circumcircle: check by the lifted paraboloid
    const above = (a: number, b: number, c: number, d: number): number => {
      const m = [a, b, c].map((i) => {
        const [x, y] = [xs[i]! - xs[d]!, ys[i]! - ys[d]!];
        return [x, y, x * x + y * y] as const;
      });
      const [p, q, r] = [m[0]!, m[1]!, m[2]!];
      const det =
        p[0] * (q[1] * r[2] - q[2] * r[1]) - p[1] * (q[0] * r[2] - q[2] * r[0]) + p[2] * (q[0] * r[1] - q[1] * r[0]);
      const turn = (xs[b]! - xs[a]!) * (ys[c]! - ys[a]!) - (ys[b]! - ys[a]!) * (xs[c]! - xs[a]!);
      return det * Math.sign(turn);
    };
    let faces = 0;
    for (let a = 0; a < xs.length; a++) {
      for (const b of all[a]!) {
        for (const c of all[a]!.filter((j) => j > b && all[b]!.includes(j))) {
          const inside = [...xs.keys()].filter((d) => d !== a && d !== b && d !== c && above(a, b, c, d) > 1e-12);
          // three neighbors around a point are no face, and have it inside
          if (inside.length === 0) faces++;
        }
      }
    }
    assert.ok(faces / 3 >= 2 * xs.length - 2 - 40, `${faces / 3} faces`);
  });

  it("refuse coincident points and too few", () => {
    assert.throws(
      () => delaunay(Float64Array.of(1, 2, 1), Float64Array.of(1, 2, 1)),
      failure("INVALID_PARAMETER", /points 0 and 2 coincide, but a triangulation takes each place once/),
    );
    assert.throws(() => gabriel(Float64Array.of(1), Float64Array.of(1)), failure("INVALID_PARAMETER", /at least 2/));
  });
});
