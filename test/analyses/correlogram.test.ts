import assert from "node:assert/strict";
import { geometryFromGeoJson } from "driveshaft";
import { analyse, numbersOf } from "../support/analyse.js";

describe("the bins of a correlogram", () => {
  it("are [0, w], (w, 2 w], ...: coincident places are in the first, pairs at a border in the nearer one", () => {
    const xs = [0, 0, 0, 1, 2, 2, 4];
    const geometry = geometryFromGeoJson(xs.map((x) => ({ geometry: { type: "Point", coordinates: [x, 0] } })));
    const value = Float64Array.of(1, 2, 4, 8, 7, 5, 3);
    for (const width of [1, 2]) {
      const result = analyse("correlogram", geometry, { v: value }, { value: "v", bins: 4, width, permutations: 0 });
      const inBin = (distance: number, bin: number): boolean =>
        distance <= (bin + 1) * width && (bin === 0 || distance > bin * width);
      const expected = [0, 1, 2, 3].map((bin) =>
        xs.reduce((sum, x, i) => sum + xs.filter((other, j) => i !== j && inBin(Math.abs(other - x), bin)).length, 0),
      );
      assert.deepEqual(numbersOf(result, "pairs"), expected);
      assert.equal(expected[0], width === 1 ? 18 : 34);
    }
  });
});
