import assert from "node:assert/strict";
import { centroids, ellipse, meanCenter, type MeanCenter } from "driveshaft";
import { allClose, close, failure } from "../support/assertions.js";
import { generator } from "../support/random.js";

type Place = readonly [x: number, y: number];

const centerOf = (places: readonly Place[], weights?: number[]): MeanCenter =>
  meanCenter(
    Float64Array.from(places, ([x]) => x),
    Float64Array.from(places, ([, y]) => y),
    weights && { weights: Float64Array.from(weights) },
  );

const DEGREE = Math.PI / 180;

const turned = ([x, y]: Place, degrees: number): Place => {
  const [s, c] = [Math.sin(degrees * DEGREE), Math.cos(degrees * DEGREE)];
  return [c * x - s * y, s * x + c * y];
};

const spanOf = (places: readonly Place[]): number =>
  Math.max(
    ...[0, 1].map((axis) => {
      const along = places.map((place) => place[axis]!);
      return Math.max(...along) - Math.min(...along);
    }),
  );

/** The weighted sum of distances to a place. */
const distances = (places: readonly Place[], weights: readonly number[], [x, y]: Place): number =>
  places.reduce((sum, [px, py], i) => sum + weights[i]! * Math.hypot(px - x, py - y), 0);

/** The lowest place of grids, each around the lowest of the one before and a third as wide. */
function refined(places: readonly Place[], weights: readonly number[]): Place {
  let best: Place = [0, 0];
  for (let step = 1; step > 1e-8; step /= 3) {
    const around = Array.from({ length: 169 }, (_, i): Place => [
      best[0] + step * ((i % 13) - 6),
      best[1] + step * (Math.floor(i / 13) - 6),
    ]);
    best = around.reduce((a, b) => (distances(places, weights, b) < distances(places, weights, a) ? b : a));
  }
  return best;
}

/** Whether the median lies within a distance of a place: their sum is convex, so it rises wherever it is that far. */
function holdsMedian(places: readonly Place[], weights: readonly number[], [x, y]: Place, within: number): boolean {
  return Array.from({ length: 64 }, (_, i): Place => turned([1, 0], (i * 360) / 64 + 0.3)).every(([u, v]) => {
    const rises = places.map(([px, py], i) => {
      const [dx, dy] = [x + within * u - px, y + within * v - py];
      const distance = Math.hypot(dx, dy);
      return weights[i]! * (distance === 0 ? 1 : (dx * u + dy * v) / distance);
    });
    return rises.reduce((a, b) => a + b) > 0;
  });
}

describe("mean center", () => {
  it("of a rectangle is its middle, with half its sides for axes", () => {
    for (const [x0, y0] of [
      [0, 0],
      [1e9, -1e9],
    ] as const) {
      const corners: Place[] = [
        [x0, y0],
        [x0 + 4, y0],
        [x0 + 4, y0 + 2],
        [x0, y0 + 2],
      ];
      assert.deepEqual(centerOf(corners), {
        n: 4,
        centerX: x0 + 2,
        centerY: y0 + 1,
        medianX: x0 + 2,
        medianY: y0 + 1,
        standardDistance: Math.sqrt(5),
        semiMajor: 2,
        semiMinor: 1,
        angle: 0,
      });
    }
  });

  it("has the axes and the angle of an ellipse of known covariance", () => {
    // of n points at equal steps around the unit circle either variance is 1/2, the covariance 0
    const circle = Array.from({ length: 12 }, (_, i) => turned([1, 0], 30 * i));
    for (const [a, b, angle] of [
      [3, 1, 0],
      [3, 1, 25],
      [5, 2, 90],
      [1, 1e-9, 135],
      [7, 6.999, 179],
    ] as const) {
      const places = circle.map(([x, y]) => turned([a * x, b * y], angle)).map(([x, y]): Place => [x + 10, y - 20]);
      const found = centerOf(places);
      close(found.centerX, 10, 1e-14);
      close(found.centerY, -20, 1e-14);
      close(found.semiMajor, a * Math.SQRT1_2, 1e-14);
      close(found.semiMinor, b * Math.SQRT1_2, b === 1e-9 ? 1e-5 : 1e-13);
      close(found.standardDistance, Math.sqrt((a * a + b * b) / 2), 1e-14);
      allClose([found.angle], [angle], 1e-10);
    }
  });

  it("has no direction where the axes are equal but for rounding, of a polygon at an offset too", () => {
    for (const offset of [0, 1e3, 1e9]) {
      for (const corners of [3, 5, 7, 100]) {
        const { semiMajor, angle } = centerOf(
          Array.from({ length: corners }, (_, i): Place => {
            const [x, y] = turned([1, 0], 10 + (360 * i) / corners);
            return [x + offset, y - offset];
          }),
        );
        close(semiMajor, Math.SQRT1_2, 1e-13 + offset * 1e-15);
        assert.equal(angle, 0);
      }
    }
  });

  it("of points on a line has no minor axis, and the middle of their medians for a median", () => {
    const at = (t: number): Place => [0.1 + 0.3 * t, 7 - 0.1 * t];
    for (const [positions, weights, median] of [
      [[0, 1, 2, 10, 11], undefined, 2],
      [[0, 1, 2, 10], undefined, 1.5],
      [[10, 0, 2, 1], [1, 1, 1, 1.5], 1],
      [[0, 1, 2], [0.1, 0.2, 0.3], 1.5],
      [[0, 1, 2, 2], [1, 2, 1.5, 1.5], 1.5],
      [[4, 9], undefined, 6.5],
      [[4, 9], [1, 2], 9],
      [[5, 5, 5], [1, 2, 3], 5],
      [[5], [0.7], 5],
    ] as [number[], number[] | undefined, number][]) {
      const found = centerOf(positions.map(at), weights);
      const [x, y] = at(median);
      close(found.medianX, x, 1e-15);
      close(found.medianY, y, 1e-15);
      assert.equal(found.semiMinor, 0);
      assert.equal(found.semiMajor, found.standardDistance);
      const spread = Math.max(...positions) > Math.min(...positions);
      allClose([found.angle], [spread ? Math.atan2(-0.1, 0.3) / DEGREE + 180 : 0], 1e-13);
    }
  });

  it("keeps its digits at an offset of 1e9", () => {
    const random = generator(3);
    // multiples of 2^-10, which the offset leaves as they are
    const places = Array.from({ length: 300 }, (): Place => [
      Math.floor(4096 * random()) / 1024,
      Math.floor(1024 * random() ** 2) / 1024,
    ]);
    const near = centerOf(places);
    const far = centerOf(places.map(([x, y]): Place => [x + 1e9, y - 1e9]));
    allClose(
      [far.centerX - 1e9, far.centerY + 1e9, far.medianX - 1e9, far.medianY + 1e9],
      [near.centerX, near.centerY, near.medianX, near.medianY],
      2 ** -23,
    );
    close(far.standardDistance, near.standardDistance, 1e-14);
    close(far.semiMajor, near.semiMajor, 1e-14);
    close(far.semiMinor, near.semiMinor, 1e-14);
    close(far.angle, near.angle, 1e-12);
  });

  it("turns, grows and moves with the points, and is the same in whatever order they come", () => {
    const random = generator(11);
    for (let trial = 0; trial < 30; trial++) {
      const places = Array.from({ length: 3 + trial }, (): Place => [3 * random(), random() ** 2]);
      const weights = places.map(() => 1 + random());
      const found = centerOf(places, weights);
      const by = 360 * random();
      const moved = centerOf(
        places.map((place) => turned(place, by)).map(([x, y]): Place => [5 * x - 4, 5 * y + 1]),
        weights,
      );
      const at = (x: number, y: number): number[] => turned([x, y], by).map((value, i) => 5 * value + [-4, 1][i]!);
      allClose([moved.centerX, moved.centerY], at(found.centerX, found.centerY), 1e-13);
      allClose([moved.medianX, moved.medianY], at(found.medianX, found.medianY), 1e-9);
      const { standardDistance, semiMajor, semiMinor } = found;
      allClose(
        [moved.standardDistance, moved.semiMajor, moved.semiMinor],
        [5 * standardDistance, 5 * semiMajor, 5 * semiMinor],
        1e-13,
      );
      const apart = (((moved.angle - found.angle - by) % 180) + 270) % 180;
      allClose([apart], [90], 1e-10);

      const order = places.map((_, i) => ({ i, at: random() })).sort((a, b) => a.at - b.at);
      const again = centerOf(
        order.map(({ i }) => places[i]!),
        order.map(({ i }) => weights[i]!),
      );
      allClose(Object.values(again), Object.values(found), 1e-12);
    }
  });

  it("takes a weight for so many points, whatever its unit, and leaves out points without weight", () => {
    const places: Place[] = [
      [0, 0],
      [5, 1],
      [2, 4],
      [9, 9],
    ];
    const repeated = places.flatMap((place, i) => Array<Place>([3, 1, 2, 0][i]!).fill(place));
    const { n, ...expected } = centerOf(repeated);
    assert.equal(n, 6);
    for (const one of [1, 1e-300, 1e307]) {
      const { n, ...found } = centerOf(places, [3 * one, one, 2 * one, 0]);
      assert.equal(n, 4);
      allClose(Object.values(found), Object.values(expected), 1e-13);
    }
  });

  it("reaches from the smallest to the largest coordinates whose squares are numbers", () => {
    const places: Place[] = [
      [0, 0],
      [4, 0],
      [1, 2],
    ];
    const { n, angle, ...lengths } = centerOf(places);
    for (const one of [1e-150, 1e149]) {
      const found = centerOf(places.map(([x, y]): Place => [one * x, one * y]));
      close(found.angle, angle, 1e-13);
      assert.equal(found.n, n);
      for (const [name, value] of Object.entries(lengths)) close(found[name as keyof MeanCenter], one * value, 1e-12);
    }
  });
});

describe("median", () => {
  it("of a triangle sees each side under 120 degrees, or is a corner with a wider angle", () => {
    const { medianX, medianY } = centerOf([
      [0, 0],
      [4, 0],
      [1, 3],
    ]);
    const ways = [
      [0, 0],
      [4, 0],
      [1, 3],
    ].map(([x, y]) => Math.atan2(y! - medianY, x! - medianX) / DEGREE);
    for (const [i, way] of ways.entries()) {
      close(Math.cos((way - ways[(i + 1) % 3]!) * DEGREE), -0.5, 1e-9);
    }
    const wide = centerOf([
      [0.1, 0.7],
      [4.3, 0.9],
      [-3.1, 2.2],
    ]);
    allClose([wide.medianX, wide.medianY], [0.1, 0.7], 1e-15);
  });

  it("is the point that all others leave in balance, or that has half the weight, to its last digit", () => {
    const random = generator(19);
    for (let trial = 0; trial < 50; trial++) {
      const at: Place = [10 * random(), 10 * random()];
      const others = Array.from({ length: 20 }, (): Place => [10 * random(), 10 * random()]);
      const heavy = centerOf([...others, at], [...others.map(() => 1), 20]);
      allClose([heavy.medianX, heavy.medianY], at, 1e-15);
    }
    // a cross of four around a fifth: any weight of it is enough
    const cross: Place[] = [
      [3, 1],
      [-5, 1],
      [1, 7],
      [1, -2],
      [1, 1],
    ];
    for (const weight of [1, 1e-3]) {
      const { medianX, medianY } = centerOf(cross, [1, 1, 1, 1, weight]);
      allClose([medianX, medianY], [1, 1], 1e-15);
    }
  });

  it("is that of ever finer grids", () => {
    const random = generator(23);
    for (let trial = 0; trial < 20; trial++) {
      const places = Array.from({ length: 4 + trial }, (): Place => [2 * random() - 1, 2 * random() - 1]);
      const weights = places.map(() => (trial % 2 ? 1 : random()));
      const { medianX, medianY } = centerOf(places, weights);
      const [x, y] = refined(places, weights);
      assert.ok(Math.hypot(medianX - x, medianY - y) < 1e-6, `${medianX} ${medianY}, not ${x} ${y}`);
    }
  });

  it("is exact to 1e-9 of the extent, of heaps, outliers, near lines, very different weights", () => {
    const random = generator(29);
    const shapes: (() => Place)[] = [
      () => [random(), random()],
      () => [Math.floor(5 * random()), Math.floor(5 * random())],
      () => turned([random(), 1e-3 * random()], 20),
      () => [random() ** 8, random() ** 8],
      () => (random() < 0.1 ? [1000 * random(), 1000 * random()] : [random(), random()]),
      () => (random() < 0.5 ? [1e-8 * random(), 1e-8 * random()] : [random(), random()]),
    ];
    const weightings = [() => 1, () => 1 + Math.floor(3 * random()), random, () => 10 ** (6 * random())];
    for (const shape of shapes) {
      for (const weighting of weightings) {
        for (let trial = 0; trial < 100; trial++) {
          const places = Array.from({ length: 3 + Math.floor(40 * random() ** 2) }, shape);
          const weights = places.map(weighting);
          const { medianX, medianY, semiMinor } = centerOf(places, weights);
          if (semiMinor === 0) continue;
          assert.ok(holdsMedian(places, weights, [medianX, medianY], 1e-9 * spanOf(places)));
        }
      }
    }
  });
});

describe("mean center of no points", () => {
  it("and of what is no number is refused", () => {
    const one = Float64Array.of(1);
    const none = new Float64Array(0);
    const weigh =
      (...weights: number[]): (() => MeanCenter) =>
      () =>
        meanCenter(Float64Array.of(1, 2), Float64Array.of(1, 2), { weights: Float64Array.from(weights) });
    assert.throws(() => meanCenter(none, none), failure("INVALID_PARAMETER", /none of 0 points has a weight above 0/));
    assert.throws(() => meanCenter(one, none), failure("INVALID_PARAMETER", /xs has 1 elements and ys 0/));
    assert.throws(() => meanCenter(one, Float64Array.of(NaN)), failure("INVALID_PARAMETER", /point 0 is \(1, NaN\)/));
    assert.throws(weigh(1), failure("INVALID_PARAMETER", /weights has 1 elements, expected 2/));
    assert.throws(weigh(0, 0), failure("INVALID_PARAMETER", /none of 2 points has a weight above 0/));
    for (const wrong of [NaN, -1, Infinity]) {
      assert.throws(weigh(1, wrong), failure("INVALID_PARAMETER", new RegExp(`weights\\[1\\] is ${wrong}, expected`)));
    }
  });
});

describe("ellipse", () => {
  const found = { centerX: 10, centerY: -5, semiMajor: 3, semiMinor: 2, angle: 30 };

  it("is a polygon counter-clockwise from the end of the major axis, with its center, axes and angle", () => {
    const { xs, ys, ...shape } = ellipse(found);
    assert.deepEqual(shape, {
      ringOffsets: Int32Array.of(0, 64),
      holes: Uint8Array.of(0),
      featureOffsets: Int32Array.of(0, 64),
      kinds: Uint8Array.of(2),
    });
    const back = Array.from(xs, (x, i) => turned([x - 10, ys[i]! + 5], -30));
    allClose(back[0]!, [3, 0], 1e-14);
    allClose(back[16]!, [0, 2], 1e-14);
    for (const [u, v] of back) close((u / 3) ** 2 + (v / 2) ** 2, 1, 1e-13);
    const twice = back.reduce((sum, [u, v], i) => sum + u * back[(i + 1) % 64]![1] - v * back[(i + 1) % 64]![0], 0);
    close(twice / 2, 6 * 32 * Math.sin((2 * Math.PI) / 64), 1e-13);
    const middle = centroids({ xs, ys, ...shape });
    allClose([middle.xs[0]!, middle.ys[0]!], [10, -5], 1e-14);
  });

  it("of what meanCenter gives has that for its own, but for the factor of sqrt 2", () => {
    const { xs, ys } = ellipse(found, 500);
    const again = meanCenter(xs, ys);
    allClose([again.centerX, again.centerY, again.angle], [10, -5, 30], 1e-12);
    allClose([again.semiMajor, again.semiMinor], [3 * Math.SQRT1_2, 2 * Math.SQRT1_2], 1e-12);
  });

  it("refuses axes and numbers of vertices that make none", () => {
    for (const [wrong, message] of [
      [{ semiMajor: -1 }, /semiMajor is -1, expected a finite number of at least 0/],
      [{ semiMinor: NaN }, /semiMinor is NaN/],
      [{ angle: Infinity }, /angle is Infinity, expected a finite number/],
      [{ centerX: NaN }, /centerX is NaN/],
    ] as const) {
      assert.throws(() => ellipse({ ...found, ...wrong }), failure("INVALID_PARAMETER", message));
    }
    assert.throws(() => ellipse(found, 2), failure("INVALID_PARAMETER", /vertices is 2, expected a whole number/));
  });
});
