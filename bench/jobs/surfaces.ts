import { contours } from "d3-contour";
import { Delaunay } from "d3-delaunay";
import {
  barycentric,
  idw,
  isobands,
  nodesOver,
  surfaceOfNodes,
  voronoi,
  type ConvexRegion,
  type Nodes,
  type Samples,
} from "driveshaft";
import { points } from "../data.js";
import type { BenchJob, Contestant } from "../measure.js";
import { kdbushNearest } from "../peers/kdbush.js";

const square: ConvexRegion = { xs: Float64Array.of(0, 1, 1, 0), ys: Float64Array.of(0, 0, 1, 1) };

/** Between bands. */
const breaks = [0, 0.5, 1, 1.5, 2, 2.5];

/** Cells around points; values in grids, by distances and by triangles; polygons of a grid's values. */
export const surfacesJob: BenchJob = {
  name: "surfaces",
  *rounds() {
    for (const size of [10_000, 100_000, 1_000_000]) {
      const { xs, ys } = points(size, "uniform");
      const contestants = [
        { tool: "driveshaft", run: () => voronoi(xs, ys, square) },
        { tool: "d3-delaunay", run: () => [...d3Voronoi(xs, ys).cellPolygons()] },
      ];
      // coordinates in, six vertices of a cell out
      yield { size, options: { what: "voronoi" }, repetitions: 3, work: { bytes: 16 * 7 * size }, contestants };
    }
    for (const [size, side] of [
      [10_000, 256],
      [100_000, 1000],
    ] as const) {
      const samples = points(size, "uniform");
      const nodes = nodesOver([0, 0, 1, 1], 1 / (side - 1));
      const work = { bytes: 24 * (size + side * side) };
      yield {
        size,
        options: { what: "idw", neighbors: 12, side },
        repetitions: 3,
        work,
        contestants: [
          { tool: "driveshaft", run: () => idw(samples, nodes) },
          { tool: "kdbush", run: () => kdbushIdw(samples, nodes) },
        ],
      };
      yield {
        size,
        options: { what: "barycentric", side },
        repetitions: 3,
        work,
        contestants: [{ tool: "driveshaft", run: () => barycentric(samples, nodes) }],
      };
      yield {
        size,
        options: { what: "contour", side },
        repetitions: 3,
        work,
        contestants: contoursOf(samples, nodes),
      };
    }
  },
};

/** From points to polygons; of a grid's values beside the peer, whose polygons nest. */
function contoursOf(samples: Samples, nodes: Nodes): Contestant[] {
  const values = idw(samples, nodes);
  const size: [number, number] = [nodes.columns + 1, nodes.rows + 1];
  const bandsOf = (of: Float64Array): unknown => isobands(surfaceOfNodes(nodes, of), Float64Array.from(breaks));
  return [
    { tool: "driveshaft", run: () => bandsOf(idw(samples, nodes)) },
    { tool: "library", run: () => bandsOf(values) },
    { tool: "d3-contour", run: () => contours().size(size).thresholds(breaks)(values) },
  ];
}

function d3Voronoi(xs: Float64Array, ys: Float64Array): ReturnType<Delaunay<number>["voronoi"]> {
  const flat = new Float64Array(2 * xs.length);
  xs.forEach((x, i) => flat.set([x, ys[i]!], 2 * i));
  return new Delaunay<number>(flat).voronoi([0, 0, 1, 1]);
}

/** The same weighted means in JavaScript, over the peer's neighbors. */
function kdbushIdw({ xs, ys, values }: Samples, nodes: Nodes): Float64Array {
  const k = 12;
  const neighbors = kdbushNearest(nodes.xs, nodes.ys, xs, ys, k) as ArrayLike<number>;
  return nodes.xs.map((x, i) => {
    let [sum, total] = [0, 0];
    for (let q = i * k; q < (i + 1) * k; q++) {
      const j = neighbors[q]!;
      const weight = 1 / ((xs[j]! - x) ** 2 + (ys[j]! - nodes.ys[i]!) ** 2);
      sum += weight * values[j]!;
      total += weight;
    }
    return sum / total;
  });
}
