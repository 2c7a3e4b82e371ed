import assert from "node:assert/strict";
import { geometryFromGeoJson } from "driveshaft";
import type { Computed } from "#dist/compute/compute.js";
import { analyse, numbersOf } from "../support/analyse.js";

/** An analysis of the values 0, 1, 4, ... at as many points in a row. */
function run(name: string, n: number, parameters: object): Computed {
  const values = Float64Array.from({ length: n }, (_, i) => i * i);
  const features = Array.from(values, (x) => ({ geometry: { type: "Point", coordinates: [x, 0] } }));
  const all = { value: "v", permutations: 99, ...parameters };
  return analyse(name, geometryFromGeoJson(features), { v: values }, all);
}

const saysNothing = /every location has all others for neighbors, weighing the same: the weights say nothing/;

describe("weights by which every location has all others for equal neighbors", () => {
  it("bring a warning, and null for z, local and global", () => {
    const weights = { type: "knn", k: 5 };
    const local = run("moran_local", 6, { weights });
    assert.match(local.summary.warnings.join(), saysNothing);
    assert.ok(numbersOf(local, "z").every(Number.isNaN));
    assert.ok(numbersOf(local, "p").every((p) => p === 1));
    const global = run("geary", 6, { weights });
    assert.match(global.summary.warnings.join(), saysNothing);
    for (const name of ["z_normal", "z_random", "z_sim"]) assert.ok(Number.isNaN(numbersOf(global, name)[0]));
  });

  it("are no others: one neighbor less, unequal weights, or islands beside few", () => {
    for (const weights of [
      { type: "knn", k: 4 },
      { type: "distance_band", threshold: 100, binary: false },
      { type: "distance_band", threshold: 2 },
    ]) {
      const { warnings } = run("moran_local", 6, { weights }).summary;
      assert.doesNotMatch(warnings.join(), saysNothing, JSON.stringify(weights));
    }
  });
});
