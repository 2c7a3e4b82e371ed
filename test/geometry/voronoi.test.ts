import assert from "node:assert/strict";
import { convexHull, voronoi, type ConvexRegion, type Voronoi } from "driveshaft";
import { polygonOf } from "#dist/geometry/polygon-of.js";
import { allClose, close, failure } from "../support/assertions.js";
import { flatSets, pointSets, type PointSet } from "../support/point-sets.js";
import { generator, uniform } from "../support/random.js";

const rectangle = (west: number, south: number, east: number, north: number): ConvexRegion => ({
  xs: Float64Array.of(west, east, east, west),
  ys: Float64Array.of(south, south, north, north),
});

const square = rectangle(0, 0, 1, 1);

const total = ({ areas }: Voronoi): number => areas.reduce((sum, area) => sum + (Number.isNaN(area) ? 0 : area), 0);

const hullOf = ({ xs, ys }: PointSet): ConvexRegion => {
  const { vertices } = convexHull(xs, ys);
  return { xs: Float64Array.from(vertices, (v) => xs[v]!), ys: Float64Array.from(vertices, (v) => ys[v]!) };
};

/** The vertices of a cell. */
const ringOf = ({ cells }: Voronoi, i: number): [x: number, y: number][] =>
  Array.from({ length: cells.featureOffsets[i + 1]! - cells.featureOffsets[i]! }, (_, v) => {
    const at = cells.featureOffsets[i]! + v;
    return [cells.xs[at]!, cells.ys[at]!];
  });

describe("voronoi", () => {
  for (const [name, { xs, ys }] of Object.entries({ ...pointSets, ...flatSets })) {
    it(`of points ${name} has a cell around each, with what is nearest to it`, () => {
      const found = voronoi(xs, ys, square);
      close(total(found), 1, 1e-12);
      const random = generator(3);
      const [probeXs, probeYs] = [uniform(500, random), uniform(500, random)];
      const cells = polygonOf(found.cells, probeXs, probeYs);
      probeXs.forEach((x, probe) => {
        const squares = Array.from(xs, (px, i) => (px - x) ** 2 + (ys[i]! - probeYs[probe]!) ** 2);
        const nearest = Math.min(...squares);
        assert.ok(squares[cells[probe]!]! <= nearest + 1e-10, `${squares[cells[probe]!]} is farther than ${nearest}`);
      });
    });
  }

  it("has borders that neighbors share bit by bit, also where they are cut", () => {
    const { xs, ys } = pointSets["at random"]!;
    for (const region of [square, rectangle(0.3, 0.2, 0.9, 0.8), hullOf({ xs, ys })]) {
      const found = voronoi(xs, ys, region);
      const edges = new Set<string>();
      const inside: string[] = [];
      for (let i = 0; i < xs.length; i++) {
        const ring = ringOf(found, i);
        ring.forEach((from, v) => {
          const to = ring[(v + 1) % ring.length]!;
          edges.add([...from, ...to].join());
          // on the outline there is nobody on the other side
          const middle = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2] as const;
          const { xs: cornerXs, ys: cornerYs } = region;
          const isOnOutline = cornerXs.some((ax, k) => {
            const [ay, bx, by] = [
              cornerYs[k]!,
              cornerXs[(k + 1) % cornerXs.length]!,
              cornerYs[(k + 1) % cornerXs.length]!,
            ];
            return Math.abs((bx - ax) * (middle[1] - ay) - (by - ay) * (middle[0] - ax)) < 1e-9;
          });
          if (!isOnOutline) inside.push([...to, ...from].join());
        });
      }
      assert.ok(inside.length > 500);
      for (const edge of inside) assert.ok(edges.has(edge), edge);
    }
  });

  it("ends at a rectangle, or at the hull, whose corners stay as they are", () => {
    const { xs, ys } = pointSets["at random"]!;
    close(total(voronoi(xs, ys, rectangle(-3, -2, 5, 1.5))), 28, 1e-12);
    close(total(voronoi(xs, ys, rectangle(0.5, 0.5, 0.5001, 0.5001))), 1e-8, 1e-9);
    const region = hullOf({ xs, ys });
    const found = voronoi(xs, ys, region);
    close(total(found), convexHull(xs, ys).area, 1e-12);
    for (const corner of convexHull(xs, ys).vertices) {
      assert.ok(ringOf(found, corner).some(([x, y]) => x === xs[corner] && y === ys[corner]));
    }
  });

  it("gives no cell to a point that coincides with one before, or whose cell lies outside", () => {
    const found = voronoi(Float64Array.of(0.2, 0.2, 0.7, 9), Float64Array.of(0.5, 0.5, 0.5, 0.5), square);
    assert.deepEqual([...found.corners], [0, 0, 2, 3]);
    allClose(found.areas.subarray(0, 1), [0.45]);
    assert.deepEqual([...found.cells.kinds], [2, 0, 2, 0]);
    assert.deepEqual([...found.areas].map(Number.isNaN), [false, true, false, true]);
  });

  it("of one point is the whole region, of none nothing", () => {
    const found = voronoi(Float64Array.of(0.4), Float64Array.of(0.1), square);
    assert.deepEqual(ringOf(found, 0).toSorted().join(" "), "0,0 0,1 1,0 1,1");
    assert.equal(voronoi(new Float64Array(0), new Float64Array(0), square).cells.kinds.length, 0);
  });

  it("keeps its digits far from the origin, and at any scale", () => {
    const { xs, ys } = pointSets["at random"]!;
    const move = (values: Float64Array, scale: number, by: number): Float64Array => values.map((v) => scale * v + by);
    close(
      total(voronoi(move(xs, 1, 2 ** 22), move(ys, 1, 2 ** 22), rectangle(2 ** 22, 2 ** 22, 2 ** 22 + 1, 2 ** 22 + 1))),
      1,
      1e-9,
    );
    for (const scale of [1e-140, 1e140]) {
      const found = voronoi(move(xs, scale, 0), move(ys, scale, 0), rectangle(0, 0, scale, scale));
      close(total(found) / scale / scale, 1, 1e-12);
    }
  });

  it("refuses a region without area, and what is no number", () => {
    const { xs, ys } = pointSets["at random"]!;
    assert.throws(() => voronoi(xs, ys, rectangle(0, 0, 1, 0)), failure("INVALID_PARAMETER", /region has no area/));
    assert.throws(() => voronoi(xs, ys, rectangle(1, 0, 0, 1)), failure("INVALID_PARAMETER", /region has no area/));
    assert.throws(() => voronoi(xs.with(3, NaN), ys, square), failure("INVALID_PARAMETER", /3/));
  });
});
