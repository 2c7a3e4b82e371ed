import { NOWHERE, POINT, type Geometry } from "./geometry.js";
import { ringsOfFeatures } from "./take-features.js";

/** What PostGIS adds to a type that has an SRID. */
const WITH_SRID = 0x20000000;
const WKB_POINT = 1;
const WKB_POLYGON = 3;
const WKB_MULTIPOLYGON = 6;

/**
 * Features as extended WKB, by index: a point, a multipolygon, undefined where there is none.
 * @param srid spatial reference system, 0 for none
 */
export function ewkb(geometry: Geometry, srid: number): (feature: number) => Buffer | undefined {
  const { xs, ys, ringOffsets, holes, featureOffsets, kinds } = geometry;
  const firstRing = ringsOfFeatures(geometry);

  function header(into: Buffer, type: number): number {
    let at = into.writeUInt8(1, 0);
    at = into.writeUInt32LE(srid === 0 ? type : (type | WITH_SRID) >>> 0, at);
    return srid === 0 ? at : into.writeInt32LE(srid, at);
  }
  const headerSize = srid === 0 ? 5 : 9;

  function point(vertex: number): Buffer {
    const bytes = Buffer.alloc(headerSize + 16);
    bytes.writeDoubleLE(ys[vertex]!, bytes.writeDoubleLE(xs[vertex]!, header(bytes, WKB_POINT)));
    return bytes;
  }
  /** An outline with the holes that follow it is a polygon. */
  function multipolygon(first: number, end: number): Buffer {
    let polygons = 0;
    let vertices = 0;
    for (let ring = first; ring < end; ring++) {
      if (!holes[ring]) polygons++;
      vertices += ringOffsets[ring + 1]! - ringOffsets[ring]! + 1;
    }
    const bytes = Buffer.alloc(headerSize + 4 + 9 * polygons + 4 * (end - first) + 16 * vertices);
    let at = bytes.writeUInt32LE(polygons, header(bytes, WKB_MULTIPOLYGON));
    for (let ring = first; ring < end;) {
      let next = ring + 1;
      while (next < end && holes[next]) next++;
      at = bytes.writeUInt8(1, at);
      at = bytes.writeUInt32LE(WKB_POLYGON, at);
      at = bytes.writeUInt32LE(next - ring, at);
      for (; ring < next; ring++) at = writeRing(bytes, at, ringOffsets[ring]!, ringOffsets[ring + 1]!);
    }
    return bytes;
  }
  function writeRing(bytes: Buffer, at: number, begin: number, end: number): number {
    at = bytes.writeUInt32LE(end - begin + 1, at);
    // closed by its first vertex
    for (let v = begin; v <= end; v++) {
      const vertex = v < end ? v : begin;
      at = bytes.writeDoubleLE(ys[vertex]!, bytes.writeDoubleLE(xs[vertex]!, at));
    }
    return at;
  }
  return (feature) => {
    if (kinds[feature] === NOWHERE) return undefined;
    if (kinds[feature] === POINT) return point(featureOffsets[feature]!);
    return multipolygon(firstRing[feature]!, firstRing[feature + 1]!);
  };
}
