import assert from "node:assert/strict";
import { similar, type Similar } from "#dist/index.js";
import { findAnalysis } from "#dist/analyses/index.js";
import { allClose, close, failure } from "../support/assertions.js";
import { runExample } from "../support/conformance.js";
import { generator, uniform } from "../support/random.js";

/** Columns with mean 0 and population sd 1. */
function standardised(columns: Float64Array[]): Float64Array[] {
  return columns.map((column) => {
    const mean = column.reduce((a, b) => a + b) / column.length;
    const sd = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length);
    return column.map((value) => (value - mean) / sd);
  });
}

/** The squared differences of a row from another, by column. */
const differences = (columns: Float64Array[], i: number, j: number): number[] =>
  columns.map((column) => (column[i]! - column[j]!) ** 2);

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);

/** Four columns, of which two say much the same. */
function columnsOf(n: number): Float64Array[] {
  const random = generator(n);
  const [a, b, c] = [uniform(n, random), uniform(n, random), uniform(n, random)];
  return [a, b.map((value) => 1000 * value), c, c.map((value) => 5 - 3 * value + 0.1 * random())];
}

const rows = (found: Similar): number[] =>
  [...found.ranks.keys()].filter((i) => found.ranks[i]! > 0).sort((i, j) => found.ranks[i]! - found.ranks[j]!);

describe("similar", () => {
  it("has the distance to the nearest reference, and the share of each column in its square", () => {
    const columns = columnsOf(60);
    const z = standardised(columns);
    const references = [41, 3, 17];
    const found = similar(columns, references);
    for (let i = 0; i < 60; i++) {
      const nearest = found.nearest[i]!;
      const least = Math.min(...references.map((j) => Math.sqrt(sum(differences(z, i, j)))));
      if (references.includes(i)) {
        assert.deepEqual([found.ranks[i], found.distances[i], nearest], [0, 0, i]);
        assert.ok(found.contributions.every((column) => Number.isNaN(column[i])));
        continue;
      }
      close(found.distances[i]!, least);
      allClose(
        found.contributions.map((column) => column[i]!),
        differences(z, i, nearest).map((square) => square / least ** 2),
      );
    }
    const order = rows(found);
    assert.equal(order.length, 57);
    assert.ok(order.every((row, q) => q === 0 || found.distances[row]! >= found.distances[order[q - 1]!]!));
    assert.equal(found.components, undefined);
  });

  it("does not depend on units, nor on the order or number of times in which references are named", () => {
    const columns = columnsOf(40);
    const scaled = columns.map((column, a) => column.map((value) => 2 ** (10 * a) * value));
    assert.deepEqual(similar(scaled, [7, 2]), similar(columns, [2, 7, 2]));
  });

  it("ranks equally distant rows in their order, and takes the first of equally near references", () => {
    const found = similar([Float64Array.of(2, 0, 4, 1, 3, 2)], [1, 2]);
    assert.deepEqual([...found.ranks], [3, 0, 0, 1, 2, 4]);
    assert.deepEqual([...found.nearest], [1, 1, 2, 1, 2, 1]);
  });

  it("by all principal components is as by columns, by the first of two is along their diagonal", () => {
    const columns = columnsOf(50);
    const [plain, all] = [similar(columns, [5]), similar(columns, [5], { method: "pca", explained: 1 })];
    allClose(all.distances, plain.distances);
    all.contributions.forEach((column, a) => allClose(column.subarray(6), plain.contributions[a]!.subarray(6)));
    assert.equal(all.components!.count, 4);
    close(all.components!.explained, 1);

    const two = columns.slice(2);
    const z = standardised(two);
    const correlation = sum(z[0]!.map((value, i) => value * z[1]![i]!)) / 50;
    const first = similar(two, [5], { method: "pca" });
    assert.equal(first.components!.count, 1);
    close(first.components!.explained, (1 - correlation) / 2);
    allClose(
      first.distances,
      z[0]!.map((value, i) => Math.abs(value - z[0]![5]! - (z[1]![i]! - z[1]![5]!)) / Math.sqrt(2)),
    );
    allClose(first.contributions[0]!.subarray(6), new Float64Array(44).fill(0.5));
  });

  it("leaves out components of no variance, and keeps those that explain as much as the last", () => {
    const [a, b] = columnsOf(30) as [Float64Array, Float64Array];
    const twice = similar([a, a.map((value) => 2 * value)], [0], { method: "pca", explained: 1 });
    assert.equal(twice.components!.count, 1);
    allClose(twice.distances, similar([a, a], [0]).distances);
    // of two columns without correlation neither component comes first
    const lattice = [a.map((_, i) => i % 5), b.map((_, i) => Math.floor(i / 5))];
    const both = similar(lattice, [0], { method: "pca", explained: 0.4 });
    assert.equal(both.components!.count, 2);
    allClose(both.distances, similar(lattice, [0]).distances);
  });

  it("refuses rows that are none, columns that do not vary, and shares that are none", () => {
    const x = Float64Array.of(1, 2, 3);
    assert.throws(() => similar([x], []), failure("INVALID_PARAMETER", /there are no references/));
    assert.throws(
      () => similar([x], [3]),
      failure("INVALID_PARAMETER", /a reference is 3, expected a row from 0 to 2/),
    );
    assert.throws(
      () => similar([x, x.map(() => 7)], [0], { names: ["income", "births"] }),
      failure("CONSTANT_VALUES", /every value of births is 7/),
    );
    assert.throws(() => similar([x], [0], { explained: 0 }), failure("INVALID_PARAMETER", /explained is 0/));
    assert.throws(() => similar([], [0]), failure("INVALID_PARAMETER", /there are no columns/));
    assert.equal(similar([x.subarray(0, 2)], [1]).distances[0], 2);
  });

  it("names rows by their ids, texts or numbers, and says which there are not", async () => {
    const analysis = findAnalysis("similar");
    const { summary } = await runExample(analysis, { more: { reference: ["3", 4, "County 4", 99] } });
    assert.equal(summary.references, 2);
    assert.match(summary.warnings.join(), /reference names ids that no row used has: County 4, 99/);
    await assert.rejects(
      runExample(analysis, { more: { reference: ["Ohio"] } }),
      failure("INVALID_PARAMETER", /reference is Ohio, but no row that can be used has this id/),
    );
  });
});
