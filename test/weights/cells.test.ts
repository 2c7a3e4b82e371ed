import assert from "node:assert/strict";
import {
  cellToChildren,
  getPentagons,
  getRes0Cells,
  gridDisk,
  gridDistance,
  gridRing,
  latLngToCell,
  splitLongToH3Index,
} from "h3-js";
import { numberCells } from "#dist/cells/numbering.js";
import { quadbinOf, tileOf } from "#dist/cells/quadbin.js";
import { h3Adjacency, highOf, lowOf } from "#dist/cells/h3.js";
import { cellWeights, type CellWeights } from "driveshaft";
import { allClose, failure } from "../support/assertions.js";
import { generator } from "../support/random.js";
import { row } from "../support/weights.js";

/** The neighbors of each cell, by its id. */
function neighborsOf(ids: string[], { weights }: CellWeights): Record<string, string[]> {
  return Object.fromEntries(ids.map((id, i) => [id, row(weights, i).neighbors.map((j) => ids[j]!)]));
}

/** The slow twin: every ring of every cell by H3's own functions. */
function ringsOfH3(ids: string[], k: number): Record<string, string[]> {
  return Object.fromEntries(
    ids.map((id) => {
      const disk = new Set(gridDisk(id, k));
      return [id, ids.filter((other) => other !== id && disk.has(other))];
    }),
  );
}

const tile = (column: number, row: number, resolution: number): string => quadbinOf({ column, row, resolution });

/** Some of the cells of H3 around a place. */
function scattered(share: number, seed: number): string[] {
  const random = generator(seed);
  return gridDisk(latLngToCell(40.4, -3.7, 7), 12).filter(() => random() < share);
}

describe("cells of H3", () => {
  it("are neighbors within k steps, also by way of cells that are not there", () => {
    for (const share of [1, 0.5, 0.1]) {
      for (const k of [1, 2, 3, 4, 7]) {
        const ids = scattered(share, 5);
        assert.deepEqual(neighborsOf(ids, cellWeights(ids, { k })), ringsOfH3(ids, k), `${share} ${k}`);
      }
    }
  });

  it("are as many as there are around pentagons and everywhere on the sphere", () => {
    for (const k of [1, 2, 3]) {
      const ids = getRes0Cells().flatMap((cell) => cellToChildren(cell, 1));
      const found = cellWeights(ids, { k });
      assert.deepEqual(neighborsOf(ids, found), ringsOfH3(ids, k));
      assert.equal(found.missing, 0);
    }
    const pentagon = getPentagons(9)[3]!;
    const ids = gridDisk(pentagon, 6);
    assert.deepEqual(neighborsOf(ids, cellWeights(ids, { k: 2 })), ringsOfH3(ids, 2));
    assert.equal(neighborsOf(ids, cellWeights(ids))[pentagon]!.length, 5);
  });

  it("touch those that H3 says, at every resolution", () => {
    const random = generator(31);
    const into = new Int32Array(12);
    for (let resolution = 0; resolution <= 15; resolution++) {
      for (let draw = 0; draw < 200; draw++) {
        const cell = latLngToCell((Math.asin(2 * random() - 1) * 180) / Math.PI, 360 * random(), resolution);
        const count = h3Adjacency.next(highOf(cell), lowOf(cell), into);
        const found = Array.from({ length: count }, (_, i) => splitLongToH3Index(into[2 * i + 1]!, into[2 * i]!));
        assert.deepEqual(found.sort(), gridRing(cell, 1).sort(), cell);
      }
    }
  });

  it("weigh by their ring", () => {
    const ids = scattered(0.6, 8);
    const by = {
      inverse: (ring: number) => 1 / ring,
      inverse_square: (ring: number) => 1 / ring ** 2,
      exponential: (ring: number) => Math.exp(-ring),
    };
    for (const [decay, expected] of Object.entries(by)) {
      const { weights } = cellWeights(ids, { k: 4, decay: decay as keyof typeof by });
      ids.forEach((id, i) => {
        const { neighbors, weights: found } = row(weights, i);
        allClose(
          found,
          neighbors.map((j) => expected(gridDistance(id, ids[j]!))),
        );
      });
    }
    assert.equal(cellWeights(ids, { k: 4 }).weights.weights, undefined);
  });

  it("may be given in decimal, as bigints, in capitals and with a leading zero", () => {
    const ids = scattered(0.7, 2);
    const expected = cellWeights(ids).weights.neighbors;
    const numbers = ids.map((id) => BigInt(`0x${id}`));
    for (const other of [numbers, numbers.map(String), ids.map((id) => `0${id.toUpperCase()}`)]) {
      assert.deepEqual(cellWeights(other).weights.neighbors, expected);
    }
  });

  it("that are not there are counted where they touch one that is", () => {
    const [center, ...around] = gridDisk("8928308280fffff", 1);
    assert.equal(cellWeights([center!]).missing, 6);
    assert.equal(cellWeights(around).missing, 1 + 12);
    assert.equal(cellWeights(around, { k: 2 }).missing, 1 + 12);
  });
});

describe("cells of quadbin", () => {
  it("have the index that CARTO gives them", () => {
    // examples of CARTO's documentation and of its library
    const known: [column: number, row: number, resolution: number, index: bigint][] = [
      [9, 8, 4, 5209574053332910079n],
      [0, 0, 0, 5192650370358181887n],
      [1, 2, 3, 5202361257054699519n],
      [1023, 2412, 23, 5291729562728627583n],
    ];
    for (const [column, row, resolution, index] of known) {
      assert.equal(tile(column, row, resolution), String(index));
      assert.deepEqual(tileOf(Number(index >> 32n) | 0, Number(index & 0xffffffffn) | 0), { column, row, resolution });
    }
  });

  it("have eight neighbors, as in CARTO's k-ring", () => {
    const ring = `5208043533147045887 5208061125333090303 5208113901891223551 5209556461146865663 5209574053332910079
      5209626829891043327 5209591645518954495 5209609237704998911 5209662014263132159`.split(/\s+/);
    const found = neighborsOf(ring, cellWeights(ring));
    assert.equal(found["5209574053332910079"]!.length, 8);
    const hexadecimal = ring.map((id) => BigInt(id).toString(16));
    assert.deepEqual(cellWeights(hexadecimal).weights, cellWeights(ring).weights);
  });

  it("are neighbors within k columns and rows, across the date line too", () => {
    const random = generator(4);
    for (const k of [1, 2, 3, 5]) {
      const tiles = Array.from({ length: 16 * 16 }, (_, i) => [i % 16, Math.floor(i / 16)] as const);
      const some = tiles.filter(() => random() < 0.4);
      const { weights } = cellWeights(
        some.map(([x, y]) => tile(x, y, 4)),
        { k },
      );
      some.forEach(([x, y], i) => {
        const expected = some.flatMap(([ox, oy], j) => {
          const across = Math.min(Math.abs(x - ox), 16 - Math.abs(x - ox));
          const steps = Math.max(across, Math.abs(y - oy));
          return steps > 0 && steps <= k ? [j] : [];
        });
        assert.deepEqual(row(weights, i).neighbors, expected);
      });
    }
  });

  it("of the coarsest resolutions are few", () => {
    assert.equal(cellWeights([tile(0, 0, 0)]).weights.neighbors.length, 0);
    const four = [tile(0, 0, 1), tile(1, 0, 1), tile(0, 1, 1), tile(1, 1, 1)];
    const { weights, missing } = cellWeights(four, { k: 3 });
    for (const i of [0, 1, 2, 3]) assert.equal(row(weights, i).neighbors.length, 3);
    assert.equal(missing, 0);
  });
});

describe("ids of cells", () => {
  const cell = "8928308280fffff";
  const refused = (ids: (string | bigint)[], message: RegExp): void =>
    assert.throws(() => cellWeights(ids), failure("INVALID_WEIGHTS", message));

  it("that are none are named", () => {
    for (const id of [
      "",
      "17",
      "hello",
      "8928308280ffff",
      "8a28308280fffff",
      "5209574053332910000",
      "-1",
      cell + "f",
    ]) {
      refused([cell, id], new RegExp(`ids that are no cells of H3 or quadbin: ${id}$`));
    }
    // what GeoJSON makes of a large number
    refused([5209574053332910000n], /no cells of H3 or quadbin: 5209574053332910000/);
    refused(
      Array.from({ length: 9 }, (_, i) => BigInt(i)),
      /: 0, 1, 2, 3, 4, \.\.\.$/,
    );
  });

  it("that come twice are named", () => {
    refused([cell, BigInt(`0x${cell}`), cell], /cells more than once: 617700169958293503, 8928308280fffff/);
  });

  it("are of one resolution and one system", () => {
    refused(
      [cell, "8828308281fffff"],
      /h3 resolution 9, such as 8928308280fffff, and of h3 resolution 8, such as 8828308281fffff/,
    );
    refused([cell, tile(3, 4, 9)], /h3 resolution 9, such as 8928308280fffff, and of quadbin resolution 9/);
  });

  it("may be none at all, and steps are whole numbers from 1 to 100", () => {
    assert.equal(cellWeights([]).weights.n, 0);
    for (const k of [0, 1.5, 101, NaN]) {
      assert.throws(() => cellWeights([cell], { k }), failure("INVALID_PARAMETER", /k is .*, expected a whole number/));
    }
  });
});

describe("numbers of cells", () => {
  it("are those of a map, whatever cells they are", () => {
    const random = generator(1);
    const numbering = numberCells();
    const known = new Map<string, number>();
    for (let i = 0; i < 20_000; i++) {
      const [high, low] = [Math.floor(random() * 90) - 45, (random() < 0.1 ? 2 ** 31 : 0) | (random() * 90)];
      const key = `${high} ${low}`;
      assert.equal(numbering.find(high, low), known.get(key) ?? -1);
      if (!known.has(key)) known.set(key, known.size);
      assert.equal(numbering.number(high, low), known.get(key));
    }
    const { highs, lows } = numbering.cells();
    assert.deepEqual(
      Array.from(highs, (high, i) => `${high} ${lows[i]}`),
      [...known.keys()],
    );
    assert.equal(numbering.count, known.size);
  });
});

it("the halves of an index are those that it is written with", () => {
  assert.deepEqual([highOf("8928308280fffff"), lowOf("8928308280fffff")], [0x8928308, 0x280fffff]);
});
