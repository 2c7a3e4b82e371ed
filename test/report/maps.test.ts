import assert from "node:assert/strict";
import { numberClasses } from "#dist/report/number-classes.js";
import { resultMaps } from "#dist/report/map.js";
import type { Table } from "#dist/table/table.js";
import { placesOf } from "../support/places.js";

describe("classes of numbers on a map", () => {
  it("are five of about as many numbers each, the lowest the lightest", () => {
    const { classes, colorOf } = numberClasses([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110]);
    assert.deepEqual(
      classes.map(({ text, count }) => [text, count]),
      [
        ["up to 30", 3],
        ["30 to 50", 2],
        ["50 to 70", 2],
        ["70 to 90", 2],
        ["above 90", 2],
      ],
    );
    assert.equal(colorOf(10), "#ffffcc");
    assert.equal(colorOf(Infinity), "#253494");
  });

  it("are around 0 where numbers are on both sides of it, blue below and red above", () => {
    const { classes, colorOf } = numberClasses([-9, -5, -1, 0, 2, 6, 8, 10, 30, 40, 50]);
    assert.deepEqual(
      classes.map(({ text }) => text),
      ["up to -9", "-9 to -2", "-2 to 2", "2 to 9", "above 9"],
    );
    assert.deepEqual([-9, -3, 1, 5, 50].map(colorOf), ["#2c7bb6", "#abd9e9", "#ffffbf", "#fdae61", "#d7191c"]);
  });

  it("are fewer of equal numbers, and none of none", () => {
    assert.deepEqual(
      numberClasses([3, 3, 3]).classes.map(({ text, count }) => [text, count]),
      [["up to 3", 3]],
    );
    assert.deepEqual(numberClasses([]).classes, []);
  });
});

describe("the maps of a result", () => {
  const places = placesOf([0, 1, 2].map((x) => ({ type: "Point", coordinates: [x, x] })));
  const float8 = (...values: number[]): Table["columns"][number]["column"] => ({
    type: "float8",
    values: Float64Array.from(values),
  });
  const tableOf = (columns: Table["columns"]): Table => ({ n: 3, key: [], columns, places });

  it("are one for each coefficient, and grey or white where there is none", () => {
    const maps = resultMaps(
      tableOf([
        { name: "coefficient_intercept", column: float8(1, 2, 3) },
        { name: "coefficient_income", column: float8(-1, NaN, 1) },
        { name: "predicted", column: float8(4, 5, 6) },
      ]),
    );
    assert.deepEqual(
      maps.map(({ caption }) => caption),
      ["coefficient_intercept of 3 rows", "coefficient_income of 3 rows"],
    );
    assert.match(maps[1]!.legend, /up to -1 \(1\)/);
    assert.equal(maps[1]!.svg.match(/fill="#ffffff"/g)?.length, 1);
  });

  it("are of numbers only where there are no classes", () => {
    const lof = { name: "lof", column: float8(1, 1.2, 9) };
    const classes = { name: "cluster_no", column: { type: "int4" as const, values: Int32Array.of(0, 0, 1) } };
    const captions = (table: Table): string[] => resultMaps(table).map(({ caption }) => caption);
    assert.deepEqual(captions(tableOf([lof])), ["lof of 3 rows"]);
    assert.deepEqual(captions(tableOf([lof, classes])), ["cluster_no of 3 rows"]);
    assert.deepEqual(captions(tableOf([{ name: "p", column: float8(1, 1, 1) }])), []);
  });
});
