import assert from "node:assert/strict";
import { geometryFromGeoJson, kernelWeights, knn } from "driveshaft";
import { placeOf } from "#dist/geometry/place.js";
import { buildWeights } from "#dist/weights/build.js";
import { weightsParameter } from "#dist/weights/parameter.js";
import { failure } from "../support/assertions.js";

interface Summary {
  k?: number;
  of?: { k?: number }[];
  pairs: number;
  islands: number;
}

/** Whether all others are neighbors is told besides: complete.test.ts. */
const ofNumber = (warning: string): boolean => !warning.includes("all others for neighbors");

/** The weights of n points in a row, with what is said of their number of neighbors. */
function build(n: number, weights?: object): { summary: Summary; warnings: string[] } {
  const features = Array.from({ length: n }, (_, i) => ({ geometry: { type: "Point", coordinates: [i * i, 0] } }));
  const place = placeOf({ type: "geometry", geometry: geometryFromGeoJson(features), srid: 0, geography: false });
  const source = {
    n,
    place,
    labels: () => [],
    cells: () => ({ ids: [], from: "" }),
    given: undefined,
    progress: () => undefined,
  };
  const { summary, warnings } = buildWeights(weightsParameter.parse(weights), source, "O");
  return { summary: summary as unknown as Summary, warnings: warnings.filter(ofNumber) };
}

describe("the default number of neighbors", () => {
  it("is 8, or all others where there are fewer, which a warning says", () => {
    for (const weights of [undefined, { type: "knn" }, { type: "kernel" }, { type: "kernel", adaptive: false }]) {
      for (const n of [2, 3, 8]) {
        const { summary, warnings } = build(n, weights);
        assert.deepEqual([summary.k, summary.pairs], [n - 1, n * (n - 1)]);
        assert.deepEqual(warnings, [`k is ${n - 1} instead of 8, as there are only ${n} locations`]);
      }
      const { summary, warnings } = build(9, weights);
      assert.deepEqual([summary.k, summary.pairs, warnings], [8, 72, []]);
    }
  });

  it("is that of each of combined weights, said once", () => {
    const { summary, warnings } = build(4, { type: "union", of: [{ type: "knn" }, { type: "kernel" }] });
    assert.deepEqual(
      summary.of!.map(({ k }) => k),
      [3, 3],
    );
    assert.deepEqual(warnings, ["k is 3 instead of 8, as there are only 4 locations"]);
  });

  it("is none of one location, which is isolated", () => {
    for (const weights of [undefined, { type: "kernel", diagonal: true }]) {
      const { summary, warnings } = build(1, weights);
      assert.deepEqual([summary.k, summary.pairs, summary.islands], [0, 0, 1]);
      assert.match(warnings.join(), /1 of 1 locations have no neighbor/);
    }
  });

  it("does not shrink where it is asked for, and is not told where a bandwidth is given", () => {
    assert.throws(() => build(8, { type: "knn", k: 8 }), failure("K_TOO_LARGE", /k is 8, but there are only 8 points/));
    assert.throws(() => build(3, { type: "kernel", k: 3 }), failure("K_TOO_LARGE", /k is 3/));
    const { summary, warnings } = build(3, { type: "kernel", bandwidth: 100 });
    assert.deepEqual([summary.k, summary.pairs, warnings], [undefined, 6, []]);
  });

  it("is that of kernels in the library too", () => {
    const xs = Float64Array.of(1, 2, 4);
    assert.deepEqual([...kernelWeights(xs, xs).offsets], [0, 2, 4, 6]);
    assert.deepEqual([...knn(xs, xs, { k: 0 }).offsets], [0, 0, 0, 0]);
  });
});
