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

/** A square grid of jittered quadrilaterals: rings of four vertices, and, on request, the same as GeoJSON features. */
export function grid(side: number): {
  xs: Float64Array;
  ys: Float64Array;
  offsets: Int32Array;
  features(): { geometry: unknown }[];
} {
  const random = generator(side);
  const corners = new Float64Array(2 * (side + 1) ** 2);
  for (let i = 0; 2 * i < corners.length; i++) {
    corners[2 * i] = (i % (side + 1)) + 0.4 * random();
    corners[2 * i + 1] = Math.floor(i / (side + 1)) + 0.4 * random();
  }
  const n = side * side;
  // vertex v is corner v % 4 of cell v >> 2
  const corner = (v: number): number => {
    const at = Math.floor((v >> 2) / side) * (side + 1) + ((v >> 2) % side);
    return [at, at + 1, at + side + 2, at + side + 1][v % 4]!;
  };
  const xs = Float64Array.from({ length: 4 * n }, (_, v) => corners[2 * corner(v)]!);
  const ys = Float64Array.from({ length: 4 * n }, (_, v) => corners[2 * corner(v) + 1]!);
  const feature = (id: number): { geometry: unknown } => {
    const ring = [0, 1, 2, 3, 0].map((v) => [xs[4 * id + v], ys[4 * id + v]]);
    return { type: "Feature", properties: { id }, geometry: { type: "Polygon", coordinates: [ring] } } as {
      geometry: unknown;
    };
  };
  return {
    xs,
    ys,
    offsets: Int32Array.from({ length: n + 1 }, (_, i) => 4 * i),
    features: () => Array.from({ length: n }, (_, id) => feature(id)),
  };
}

export function pointFeatures({ xs, ys }: Points): object[] {
  return Array.from(xs, (x, id) => ({
    type: "Feature",
    properties: { id },
    geometry: { type: "Point", coordinates: [x, ys[id]] },
  }));
}
