import { DriveshaftError } from "../errors.js";
import { coordinateFault, DEEPEST, type GeometryBuilder } from "./geometry.js";

/**
 * Reads WKB and EWKB, what PostGIS sends as binary: points, polygons, multipolygons and multipoints of one point, and
 * what is empty of any type, in either byte order, with SRID, Z and M, which are skipped. OGC 06-103r4, section 8; EWKB
 * flags as in PostGIS.
 */

const HAS_Z = 0x80000000;
const HAS_M = 0x40000000;
const HAS_SRID = 0x20000000;

const names = [
  "",
  "Point",
  "LineString",
  "Polygon",
  "MultiPoint",
  "MultiLineString",
  "MultiPolygon",
  "GeometryCollection",
];

/**
 * Types that are made of geometries: the rest of Multi..., GeometryCollection, CompoundCurve, CurvePolygon, surfaces.
 */
const COLLECTIONS = new Set([4, 5, 6, 7, 9, 10, 11, 12, 15, 16]);

interface Header {
  type: number;
  srid: number;
  little: boolean;
  /** Bytes of one vertex. */
  stride: number;
}

/**
 * Adds the geometry in bytes[begin .. end) to the builder. `where` names the row in errors. Returns the SRID, 0 if
 * none.
 */
export function readWkb(
  view: DataView,
  begin: number,
  end: number,
  builder: GeometryBuilder,
  where: () => string,
): number {
  let at = begin;

  function fail(what: string): never {
    throw new DriveshaftError("INVALID_GEOMETRY", `${where()}: ${what}`, {
      hint: "Expected WKB or EWKB of a Point, Polygon or MultiPolygon.",
    });
  }
  function need(bytes: number): void {
    if (bytes > end - at) fail(`geometry ends after ${end - begin} bytes, ${bytes - (end - at)} are missing`);
  }
  function header(): Header {
    need(5);
    const order = view.getUint8(at);
    if (order > 1) fail(`byte order mark is ${order}, expected 0 or 1`);
    const little = order === 1;
    const word = view.getUint32(at + 1, little);
    at += 5;
    const base = word & 0x0fffffff;
    // ISO writes dimensions as thousands, EWKB as flags
    const iso = Math.floor(base / 1000);
    const type = base % 1000;
    const z = (word & HAS_Z) !== 0 || iso === 1 || iso === 3;
    const m = (word & HAS_M) !== 0 || iso === 2 || iso === 3;
    if (iso > 3 || type < 1) fail(`unknown geometry type ${base}`);
    let srid = 0;
    if (word & HAS_SRID) {
      need(4);
      srid = view.getInt32(at, little);
      at += 4;
    }
    return { type, srid, little, stride: 16 + (z ? 8 : 0) + (m ? 8 : 0) };
  }
  function count(little: boolean, least: number): number {
    need(4);
    const number = view.getUint32(at, little);
    at += 4;
    if (number * least > end - at) fail(`a count of ${number} does not fit into ${end - at} bytes`);
    return number;
  }
  function check(x: number, y: number): void {
    const fault = coordinateFault(x, y);
    if (fault !== undefined) fail(fault);
  }
  function point({ little, stride }: Header): void {
    need(stride);
    const x = view.getFloat64(at, little);
    const y = view.getFloat64(at + 8, little);
    at += stride;
    // POINT EMPTY is written as NaN NaN
    if (Number.isNaN(x) && Number.isNaN(y)) return builder.nowhere();
    check(x, y);
    builder.point(x, y);
  }
  function rings({ little, stride }: Header): void {
    const number = count(little, 4);
    for (let ring = 0; ring < number; ring++) {
      const vertices = count(little, stride);
      for (let i = 0; i < vertices; i++, at += stride) {
        const x = view.getFloat64(at, little);
        const y = view.getFloat64(at + 8, little);
        check(x, y);
        builder.vertex(x, y);
      }
      builder.ring(ring > 0);
    }
  }
  /** Skips the geometry that comes next, if it is empty; lines and collections are no place otherwise. */
  function empty(depth = 0): boolean {
    const { type, little, stride } = header();
    if (type === 1) {
      need(stride);
      at += stride;
      return Number.isNaN(view.getFloat64(at - stride, little));
    }
    const number = count(little, 5);
    if (depth > DEEPEST) fail(`collections are nested deeper than ${DEEPEST}`);
    for (let i = 0; i < number; i++) if (!COLLECTIONS.has(type) || !empty(depth + 1)) return false;
    return true;
  }
  function emptyWhole(): boolean {
    at = begin;
    return empty();
  }
  function member(expected: number): Header {
    const part = header();
    if (part.type !== expected) fail(`a ${names[part.type] ?? part.type} inside a ${names[expected + 3]}`);
    return part;
  }

  const outer = header();
  switch (outer.type) {
    case 1:
      point(outer);
      break;
    case 3:
      rings(outer);
      builder.polygon();
      break;
    case 4: {
      const number = count(outer.little, 21);
      if (number === 1) point(member(1));
      else if (emptyWhole()) builder.nowhere();
      else fail(`a MultiPoint of ${number} points, expected one place a row`);
      break;
    }
    case 6: {
      const number = count(outer.little, 9);
      for (let i = 0; i < number; i++) rings(member(3));
      builder.polygon();
      break;
    }
    default:
      if (emptyWhole()) builder.nowhere();
      else
        fail(`a ${names[outer.type] ?? `geometry of type ${outer.type}`}, expected a Point, Polygon or MultiPolygon`);
  }
  if (at !== end) fail(`${end - at} bytes follow the geometry`);
  return outer.srid;
}
