import { tinOf } from "./tin.js";

/** A surface of triangles over a convex region, with values at their corners. */
export interface Surface {
  xs: Float64Array;
  ys: Float64Array;
  values: Float64Array;
  /** Corners of triangles, three each, counter-clockwise. */
  triangles: Uint32Array;
  /** By half-edge: that of the triangle on the other side, -1 on the border. */
  halfedges: Int32Array;
}

/**
 * The surface that points span: linear in their Delaunay triangles.
 * @throws INVALID_PARAMETER; INVALID_GEOMETRY where all points lie on a line
 */
export function surfaceOfPoints(
  xs: Float64Array,
  ys: Float64Array,
  values: Float64Array,
): Surface & { coincident: number } {
  const { triangulation, values: means, coincident } = tinOf(xs, ys, values);
  const { triangles, halfedges } = triangulation;
  return { xs, ys, values: means, triangles, halfedges, coincident };
}

/** Nodes that cover a rectangle, `columns` + 1 in a row. */
export interface Nodes {
  xs: Float64Array;
  ys: Float64Array;
  columns: number;
  rows: number;
}

/** @param size of a cell at most, so that a whole number fits */
export function nodesOver([west, south, east, north]: readonly number[], size: number): Nodes {
  const [width, height] = [east! - west!, north! - south!];
  const count = (length: number): number => Math.max(1, Math.ceil(length / size - 1e-9));
  const [columns, rows] = [count(width), count(height)];
  const nodes = (columns + 1) * (rows + 1);
  const [xs, ys] = [new Float64Array(nodes), new Float64Array(nodes)];
  for (let row = 0, at = 0; row <= rows; row++) {
    const y = row === rows ? north! : south! + (height * row) / rows;
    for (let column = 0; column <= columns; column++, at++) {
      xs[at] = column === columns ? east! : west! + (width * column) / columns;
      ys[at] = y;
    }
  }
  return { xs, ys, columns, rows };
}

/**
 * The surface over nodes: cells in two triangles each, divided one way and the other in turn, so that it leans to no
 * side.
 */
export function surfaceOfNodes({ xs, ys, columns, rows }: Nodes, values: Float64Array): Surface {
  const triangles = new Uint32Array(6 * columns * rows);
  const halfedges = new Int32Array(triangles.length);
  let edge = 0;
  function add(a: number, b: number, c: number, ab: number, bc: number, ca: number): void {
    triangles[edge] = a;
    triangles[edge + 1] = b;
    triangles[edge + 2] = c;
    halfedges[edge] = ab;
    halfedges[edge + 1] = bc;
    halfedges[edge + 2] = ca;
    edge += 3;
  }
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const first = edge;
      const a = row * (columns + 1) + column;
      const [b, d] = [a + 1, a + columns + 1];
      const c = d + 1;
      const south = row > 0 ? first - 6 * columns + 4 : -1;
      const north = row < rows - 1 ? first + 6 * columns : -1;
      const [west, east] = [column > 0, column < columns - 1];
      if ((row + column) % 2 === 0) {
        add(a, b, c, south, east ? first + 8 : -1, first + 3);
        add(a, c, d, first + 2, north, west ? first - 3 : -1);
      } else {
        add(a, b, d, south, first + 5, west ? first - 5 : -1);
        add(b, c, d, east ? first + 11 : -1, north, first + 1);
      }
    }
  }
  return { xs, ys, values, triangles, halfedges };
}
