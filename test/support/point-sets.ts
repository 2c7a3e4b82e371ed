import { generator } from "./random.js";

export interface PointSet {
  xs: Float64Array;
  ys: Float64Array;
}

const drawn = (n: number, place: (random: () => number) => readonly [x: number, y: number]): PointSet => {
  const random = generator(n);
  const places = Array.from({ length: n }, () => place(random));
  return { xs: Float64Array.from(places, ([x]) => x), ys: Float64Array.from(places, ([, y]) => y) };
};

const near = (random: () => number, steps: number, width: number): number =>
  Math.round(random() * steps) / steps + width * (random() - 0.5);

/** Points in the unit square, of kinds that geometry stumbles over. */
export const pointSets: Record<string, PointSet> = {
  "at random": drawn(250, (random) => [random(), random()]),
  "on a lattice of tenths": drawn(250, (random) => [near(random, 10, 0), near(random, 10, 0)]),
  "next to those of a lattice, by 1e-9": drawn(250, (random) => [near(random, 10, 1e-9), near(random, 10, 1e-9)]),
  "next to those of a lattice, by 1e-13": drawn(250, (random) => [near(random, 10, 1e-13), near(random, 10, 1e-13)]),
  "on a circle": drawn(200, (random) => {
    const turn = 2 * Math.PI * random();
    return [0.5 + 0.5 * Math.cos(turn), 0.5 + 0.5 * Math.sin(turn)];
  }),
  "on a parabola": drawn(200, (random) => {
    const x = random();
    return [x, x * x];
  }),
};

/** Those that lie on a line, or in fewer than three places. */
export const flatSets: Record<string, PointSet> = {
  "a single one": drawn(1, (random) => [random(), random()]),
  two: drawn(2, (random) => [random(), random()]),
  "on a vertical line": drawn(50, (random) => [0.3, random()]),
  "on a slanting line": drawn(50, (random) => {
    const x = random();
    return [x, 0.7 * x + 0.1];
  }),
};
