import assert from "node:assert/strict";
import { isobands, nodesOver, surfaceOfNodes, surfaceOfPoints, type Surface } from "driveshaft";
import { locator, valueIn } from "#dist/geometry/locate.js";
import { polygonOf } from "#dist/geometry/polygon-of.js";
import { allClose, close } from "../support/assertions.js";
import { pointSets } from "../support/point-sets.js";
import { generator, uniform } from "../support/random.js";

const total = (areas: Float64Array): number => areas.reduce((sum, area) => sum + area, 0);

/** The surface over a grid of the unit square, of values at its nodes. */
function gridOf(size: number, valueAt: (x: number, y: number) => number): Surface {
  const nodes = nodesOver([0, 0, 1, 1], size);
  return surfaceOfNodes(
    nodes,
    nodes.xs.map((x, i) => valueAt(x, nodes.ys[i]!)),
  );
}

describe("isobands", () => {
  it("of a plane are stripes", () => {
    const { bands, areas } = isobands(
      gridOf(0.25, (x) => x),
      Float64Array.of(0.1, 0.6),
    );
    allClose(areas, [0.1, 0.5, 0.4]);
    assert.deepEqual([...bands.kinds], [2, 2, 2]);
    assert.deepEqual([Math.min(...bands.xs), Math.max(...bands.xs)], [0, 1]);
  });

  it("of a cone are rings around each other", () => {
    const { bands, areas } = isobands(
      gridOf(1 / 64, (x, y) => Math.hypot(x - 0.5, y - 0.5)),
      Float64Array.of(0.1, 0.3),
    );
    assert.deepEqual([...bands.holes], [0, 0, 1, 0, 1]);
    allClose(areas, [Math.PI * 0.01, Math.PI * 0.08, 1 - Math.PI * 0.09], 1e-3);
    close(total(areas), 1, 1e-12);
  });

  it("have no band where the surface has no such values, and one where it has no others", () => {
    const { bands, areas } = isobands(
      gridOf(0.5, () => 3),
      Float64Array.of(2, 3, 4),
    );
    assert.deepEqual([...bands.kinds], [0, 2, 0, 0]);
    assert.deepEqual([...areas], [0, 1, 0, 0]);
    assert.deepEqual(
      [
        ...isobands(
          gridOf(0.5, (x) => x),
          new Float64Array(0),
        ).areas,
      ],
      [1],
    );
  });

  for (const [name, { xs, ys }] of Object.entries(pointSets)) {
    it(`over points ${name} are where the surface has values between their breaks`, () => {
      const random = generator(8);
      const surface = surfaceOfPoints(xs, ys, uniform(xs.length, random));
      const breaks = Float64Array.of(0.2, 0.5, 0.6);
      const { bands } = isobands(surface, breaks);
      const [probeXs, probeYs] = [uniform(300, random), uniform(300, random)];
      const found = polygonOf(bands, probeXs, probeYs);
      const triangulation = { ...surface, hull: new Uint32Array(0), corners: new Int32Array(0) };
      const find = locator(xs, ys, triangulation);
      found.forEach((band, probe) => {
        const [x, y] = [probeXs[probe]!, probeYs[probe]!];
        const triangle = find(x, y);
        if (triangle < 0) return assert.equal(band, -1);
        const value = valueIn(xs, ys, triangulation, surface.values, triangle, x, y);
        if (breaks.some((edge) => Math.abs(edge - value) < 1e-7)) return;
        assert.equal(band, breaks.filter((edge) => edge < value).length);
      });
    });
  }
});
