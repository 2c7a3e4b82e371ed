/** Seeded test data, the same for every tool. */
import { generator } from "../test/support/random.js";

export type Shape = "uniform" | "clustered";

export interface Points {
  xs: Float64Array;
  ys: Float64Array;
  values: Float64Array;
}

/** Points in the unit square, uniform or in 200 clusters of very different width, with a spatially correlated value. */
export function points(n: number, shape: Shape): Points {
  const random = generator(n);
  const centers = Array.from({ length: 200 }, () => [random(), random(), 0.0005 + 0.01 * random() ** 2] as const);
  const bell = (): number => random() + random() + random() + random() - 2;
  const xs = new Float64Array(n);
  const ys = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const [x, y, width] = centers[Math.floor(random() * centers.length)]!;
    xs[i] = shape === "uniform" ? random() : x + width * bell();
    ys[i] = shape === "uniform" ? random() : y + width * bell();
  }
  const values = Float64Array.from(xs, (x, i) => Math.sin(9 * x) + Math.cos(7 * ys[i]!) + 2 * random());
  return { xs, ys, values };
}

/** A square grid of jittered quadrilaterals: rings of four vertices, and the same as GeoJSON features. */
export function grid(side: number): { xs: Float64Array; ys: Float64Array; offsets: Int32Array; features: object[] } {
  const random = generator(side);
  const corner = Array.from({ length: (side + 1) ** 2 }, (_, i) => [
    (i % (side + 1)) + 0.4 * random(),
    Math.floor(i / (side + 1)) + 0.4 * random(),
  ]);
  const rings = Array.from({ length: side * side }, (_, i) => {
    const at = Math.floor(i / side) * (side + 1) + (i % side);
    return [at, at + 1, at + side + 2, at + side + 1].map((vertex) => corner[vertex]!);
  });
  return {
    xs: Float64Array.from(rings.flat(), ([x]) => x!),
    ys: Float64Array.from(rings.flat(), ([, y]) => y!),
    offsets: Int32Array.from({ length: rings.length + 1 }, (_, i) => 4 * i),
    features: rings.map((ring, id) => ({
      type: "Feature",
      properties: { id },
      geometry: { type: "Polygon", coordinates: [[...ring, ring[0]]] },
    })),
  };
}

export function pointFeatures({ xs, ys }: Points): object[] {
  return Array.from(xs, (x, id) => ({
    type: "Feature",
    properties: { id },
    geometry: { type: "Point", coordinates: [x, ys[id]] },
  }));
}
