import { LINE, NOWHERE, POINT } from "./geometry.js";
import type { Places } from "./place.js";
import { closedRing, outlines, partOfLine, shapeOf } from "./shape.js";
import { ringsOfFeatures } from "./take-features.js";

/** What PostGIS adds to a type that has an SRID. */
const WITH_SRID = 0x20000000;
const WKB_POINT = 1;
const WKB_LINESTRING = 2;
const WKB_POLYGON = 3;
const WKB_MULTILINESTRING = 5;
const WKB_MULTIPOLYGON = 6;

/** Bytes of an order, a type and a count. */
const PART = 9;

/**
 * The places of a column as WKB, by row; undefined where there is none. Where it has a type of PostGIS, that is
 * extended WKB, with the SRID. In a column of multipolygons a polygon is one too, so that all have one type; so with
 * lines.
 */
export function wkbOf({ geometry, srid: system, sqlType }: Places): (row: number) => Buffer | undefined {
  const srid = sqlType === undefined ? 0 : system;
  const { xs, ys, featureOffsets, kinds } = geometry;
  const firstRing = ringsOfFeatures(geometry);
  const alwaysMulti = shapeOf(geometry).startsWith("Multi");

  function start(size: number, type: number): [bytes: Buffer, at: number] {
    const bytes = Buffer.allocUnsafe(srid === 0 ? size : size + 4);
    let at = bytes.writeUInt8(1, 0);
    at = bytes.writeUInt32LE(srid === 0 ? type : (type | WITH_SRID) >>> 0, at);
    return [bytes, srid === 0 ? at : bytes.writeInt32LE(srid, at)];
  }
  function writeVertex(bytes: Buffer, at: number, vertex: number): number {
    return bytes.writeDoubleLE(ys[vertex]!, bytes.writeDoubleLE(xs[vertex]!, at));
  }
  function writePath(bytes: Buffer, at: number, path: number[]): number {
    at = bytes.writeUInt32LE(path.length, at);
    for (const vertex of path) at = writeVertex(bytes, at, vertex);
    return at;
  }
  function writeRings(bytes: Buffer, at: number, rings: number[][]): number {
    at = bytes.writeUInt32LE(rings.length, at);
    for (const ring of rings) at = writePath(bytes, at, ring);
    return at;
  }
  function point(vertex: number): Buffer {
    const [bytes, at] = start(5 + 16, WKB_POINT);
    writeVertex(bytes, at, vertex);
    return bytes;
  }
  function lines(first: number, end: number): Buffer {
    const parts: number[][] = [];
    for (let part = first; part < end; part++) parts.push(partOfLine(geometry, part));
    const size = parts.reduce((sum, part) => sum + PART + 16 * part.length, 0);
    if (parts.length === 1 && !alwaysMulti) {
      const [bytes, at] = start(size, WKB_LINESTRING);
      writePath(bytes, at, parts[0]!);
      return bytes;
    }
    const [bytes, begin] = start(PART + size, WKB_MULTILINESTRING);
    let at = bytes.writeUInt32LE(parts.length, begin);
    for (const part of parts) {
      at = bytes.writeUInt32LE(WKB_LINESTRING, bytes.writeUInt8(1, at));
      at = writePath(bytes, at, part);
    }
    return bytes;
  }
  function polygons(first: number, end: number): Buffer {
    const starts = outlines(geometry, first, end);
    const rings: number[][] = [];
    for (let ring = first; ring < end; ring++) rings.push(closedRing(geometry, ring));
    const size = PART + rings.reduce((sum, ring) => sum + 4 + 16 * ring.length, 0);
    if (starts.length === 1 && !alwaysMulti) {
      const [bytes, at] = start(size, WKB_POLYGON);
      writeRings(bytes, at, rings);
      return bytes;
    }
    const [bytes, begin] = start(size + PART * starts.length, WKB_MULTIPOLYGON);
    let at = bytes.writeUInt32LE(starts.length, begin);
    starts.forEach((ring, i) => {
      at = bytes.writeUInt32LE(WKB_POLYGON, bytes.writeUInt8(1, at));
      at = writeRings(bytes, at, rings.slice(ring - first, (starts[i + 1] ?? end) - first));
    });
    return bytes;
  }
  return (feature) => {
    if (kinds[feature] === NOWHERE) return undefined;
    if (kinds[feature] === POINT) return point(featureOffsets[feature]!);
    if (kinds[feature] === LINE) return lines(firstRing[feature]!, firstRing[feature + 1]!);
    return polygons(firstRing[feature]!, firstRing[feature + 1]!);
  };
}
