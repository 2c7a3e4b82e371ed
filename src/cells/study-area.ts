import { convexHull } from "../geometry/convex-hull.js";
import { buildGeometry, nowhere, type Geometry } from "../geometry/geometry.js";
import { rectangle } from "./rectangle.js";

/** The convex hull of points, or their extent; no polygon where it has no area. */
export const studyAreaOf = (kind: "hull" | "extent", { xs, ys }: { xs: Float64Array; ys: Float64Array }): Geometry =>
  kind === "hull" ? hullOf(xs, ys) : extentOf(xs, ys);

function hullOf(xs: Float64Array, ys: Float64Array): Geometry {
  const { vertices } = convexHull(xs, ys);
  if (vertices.length < 3) return nowhere(1);
  const into = buildGeometry();
  for (const v of vertices) into.vertex(xs[v]!, ys[v]!);
  into.ring(false);
  into.polygon();
  return into.take();
}

function extentOf(xs: Float64Array, ys: Float64Array): Geometry {
  const [west, south] = [xs, ys].map((values) => values.reduce((least, one) => Math.min(least, one), Infinity));
  const [east, north] = [xs, ys].map((values) => values.reduce((most, one) => Math.max(most, one), -Infinity));
  if (!(west! < east! && south! < north!)) return nowhere(1);
  const into = buildGeometry();
  rectangle(west!, south!, east!, north!, into);
  return into.take();
}
