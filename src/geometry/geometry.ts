import { growFloat64, growInt32, growUint8 } from "../growable.js";

/** What a row has for a place. */
export const NOWHERE = 0;
export const POINT = 1;
export const POLYGON = 2;

/**
 * Points and polygons in flat arrays. The vertices of feature i are featureOffsets[i] .. featureOffsets[i + 1], those of
 * ring r ringOffsets[r] .. ringOffsets[r + 1]; rings are closed implicitly, without repeating the first vertex. A point
 * is a single vertex in a ring of its own; a feature without a place has no vertices.
 */
export interface Geometry {
  xs: Float64Array;
  ys: Float64Array;
  ringOffsets: Int32Array;
  /** By ring: 1 where it is a hole. */
  holes: Uint8Array;
  featureOffsets: Int32Array;
  /** By feature: NOWHERE, POINT or POLYGON. */
  kinds: Uint8Array;
}

/** The arrays of a geometry, for moving them between threads. */
export function geometryArrays(geometry: Geometry): (Float64Array | Int32Array | Uint8Array)[] {
  const { xs, ys, ringOffsets, holes, featureOffsets, kinds } = geometry;
  return [xs, ys, ringOffsets, holes, featureOffsets, kinds];
}

export interface GeometryBuilder {
  point(x: number, y: number): void;
  nowhere(): void;
  /** The next vertex of the ring at hand. */
  vertex(x: number, y: number): void;
  /** Ends the ring at hand. */
  ring(hole: boolean): void;
  /** Ends a polygon or multipolygon, made of the rings since the last feature. */
  polygon(): void;
  take(): Geometry;
}

export function buildGeometry(): GeometryBuilder {
  const xs = growFloat64();
  const ys = growFloat64();
  const ringOffsets = growInt32();
  const holes = growUint8();
  const featureOffsets = growInt32();
  const kinds = growUint8();
  ringOffsets.push(0);
  featureOffsets.push(0);
  let ringX: number[] = [];
  let ringY: number[] = [];

  let begin = 0;

  function feature(kind: number): void {
    kinds.push(kind);
    begin = xs.length;
    featureOffsets.push(begin);
  }
  return {
    point(x, y) {
      const somewhere = Number.isFinite(x) && Number.isFinite(y);
      if (somewhere) {
        xs.push(x);
        ys.push(y);
        ringOffsets.push(xs.length);
        holes.push(0);
      }
      feature(somewhere ? POINT : NOWHERE);
    },
    nowhere: () => feature(NOWHERE),
    vertex(x, y) {
      ringX.push(x);
      ringY.push(y);
    },
    ring(hole) {
      let end = ringX.length;
      // the closing vertex repeats the first
      if (end > 1 && ringX[end - 1] === ringX[0] && ringY[end - 1] === ringY[0]) end--;
      for (let i = 0; i < end; i++) {
        xs.push(ringX[i]!);
        ys.push(ringY[i]!);
      }
      ringX = [];
      ringY = [];
      if (end === 0) return;
      ringOffsets.push(xs.length);
      holes.push(hole ? 1 : 0);
    },
    polygon() {
      feature(xs.length > begin ? POLYGON : NOWHERE);
    },
    take: () => ({
      xs: xs.take(),
      ys: ys.take(),
      ringOffsets: ringOffsets.take(),
      holes: holes.take(),
      featureOffsets: featureOffsets.take(),
      kinds: kinds.take(),
    }),
  };
}
