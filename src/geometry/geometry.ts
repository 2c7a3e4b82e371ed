import { DriveshaftError } from "../errors.js";
import { growFloat64, growInt32, growUint8 } from "../table/growable.js";

/** What a row has for a place. */
export const NOWHERE = 0;
export const POINT = 1;
export const POLYGON = 2;
/** Of results only: lines are no places to measure from. */
export const LINE = 3;

/**
 * Points, polygons and lines in flat arrays. The vertices of feature i are featureOffsets[i] .. featureOffsets[i + 1], those
 * of ring r ringOffsets[r] .. ringOffsets[r + 1]; rings are closed implicitly, without repeating the first vertex. A
 * point is a single vertex in a ring of its own, a line has its parts for rings, which are open; a feature without a
 * place has no vertices.
 */
export interface Geometry {
  xs: Float64Array;
  ys: Float64Array;
  ringOffsets: Int32Array;
  /** By ring: 1 where it is a hole. */
  holes: Uint8Array;
  featureOffsets: Int32Array;
  /** By feature: NOWHERE, POINT, POLYGON or LINE. */
  kinds: Uint8Array;
}

/** As many features without a place. */
export const nowhere = (n: number): Geometry => ({
  xs: new Float64Array(0),
  ys: new Float64Array(0),
  ringOffsets: new Int32Array(1),
  holes: new Uint8Array(0),
  featureOffsets: new Int32Array(n + 1),
  kinds: new Uint8Array(n),
});

/** Magnitudes of coordinates whose squares are numbers too, neither infinite nor 0. */
const MAGNITUDES = [1e-150, 1e150] as const;

/** What is wrong with coordinates, as messages say it; undefined where nothing is. */
export function coordinateFault(x: number, y: number): string | undefined {
  if (inRange(x) && inRange(y)) return undefined;
  if (!Number.isFinite(x) || !Number.isFinite(y)) return `coordinates ${x} ${y} are not finite`;
  return `coordinates ${x} ${y} are out of range, expected 0 or magnitudes from ${MAGNITUDES[0]} to ${MAGNITUDES[1]}`;
}

function inRange(coordinate: number): boolean {
  const magnitude = Math.abs(coordinate);
  return magnitude === 0 || (magnitude >= MAGNITUDES[0] && magnitude <= MAGNITUDES[1]);
}

/** Collections in collections in a geometry, at most; only empty ones are read at all. */
export const DEEPEST = 32;

/** Whether two have the same features in the same order, bit by bit. */
export function isSameGeometry(a: Geometry, b: Geometry): boolean {
  const others = geometryArrays(b);
  return geometryArrays(a).every((array, which) => isSameArray(array, others[which]!));
}

function isSameArray(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

/** The arrays of a geometry, for moving them between threads. */
export function geometryArrays(geometry: Geometry): (Float64Array | Int32Array | Uint8Array)[] {
  const { xs, ys, ringOffsets, holes, featureOffsets, kinds } = geometry;
  return [xs, ys, ringOffsets, holes, featureOffsets, kinds];
}

export interface GeometryBuilder {
  /** A point; nowhere where a coordinate is not finite. */
  point(x: number, y: number): void;
  nowhere(): void;
  /** The next vertex of the ring at hand. */
  vertex(x: number, y: number): void;
  /** Ends the ring at hand. */
  ring(hole: boolean): void;
  /** Ends a polygon or multipolygon, made of the rings since the last feature. */
  polygon(): void;
  /** Ends the part of a line at hand. */
  part(): void;
  /** Ends a line or multiline, made of the parts since the last feature. */
  line(): void;
  take(): Geometry;
}

/**
 * Adds the point of a row that has its coordinates in two columns. `where` names the row in errors.
 * @throws INVALID_GEOMETRY where they are finite, but out of range
 */
export function addPoint(builder: GeometryBuilder, x: number, y: number, where: () => string): void {
  const fault = Number.isFinite(x) && Number.isFinite(y) ? coordinateFault(x, y) : undefined;
  if (fault) throw new DriveshaftError("INVALID_GEOMETRY", `${where()}: ${fault}`);
  builder.point(x, y);
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

  /** Ends the ring or part at hand, of so many of its vertices. */
  function path(end: number, hole: boolean): void {
    for (let i = 0; i < end; i++) {
      xs.push(ringX[i]!);
      ys.push(ringY[i]!);
    }
    ringX = [];
    ringY = [];
    if (end === 0) return;
    ringOffsets.push(xs.length);
    holes.push(hole ? 1 : 0);
  }
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
      path(end, hole);
    },
    polygon() {
      feature(xs.length > begin ? POLYGON : NOWHERE);
    },
    part: () => path(ringX.length, false),
    line() {
      feature(xs.length > begin ? LINE : NOWHERE);
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
