import { DriveshaftError } from "../errors.js";
import { centroids } from "./centroids.js";
import { POINT, POLYGON, type Geometry } from "./geometry.js";
import { sphericalCentroids } from "./spherical-centroids.js";

/** Places in a column: their SRID, 0 where none was said, and whether their type is geography. */
export interface Places {
  type: "geometry";
  geometry: Geometry;
  srid: number;
  geography: boolean;
  /** The type that a table has for it, as SQL writes it; a bytea of WKB where there is none. */
  sqlType?: string;
}

/** Where an analysis' rows are. */
export interface Place {
  geometry: Geometry;
  hasPoints: boolean;
  hasPolygons: boolean;
  /**
   * One point a row for measuring distances: points as they are, centroids of polygons in the plane or on the sphere.
   * @param greatCircle on the sphere; undefined where what measures knows the plane only
   * @param parameter that says so
   * @throws INVALID_PARAMETER where geographic coordinates would be measured in the plane, or planar ones on the sphere
   */
  points(greatCircle: boolean | undefined, parameter: string): { xs: Float64Array; ys: Float64Array };
  /** All vertices, for what knows the plane only, as `parameter` says it. @throws INVALID_PARAMETER of a geography */
  vertices(parameter: string): { xs: Float64Array; ys: Float64Array };
  /** The SRID of the coordinates, 0 where none was said. */
  srid: number;
  /** Whether they are longitudes and latitudes, as far as is known; possible where they may be and nothing is. */
  degrees(): "known" | "possible" | "none";
  /** What is to be said of how distances were measured. */
  warnings(): string[];
}

/** Longitudes and latitudes in degrees, on WGS 84. */
export const DEGREES = 4326;

/** Whether coordinates of which nothing is known may be such. */
export const mayBeDegrees = ({ xs, ys }: Geometry): boolean =>
  xs.every((x) => Math.abs(x) <= 180) && ys.every((y) => Math.abs(y) <= 90);

export function placeOf({ geometry, srid, geography }: Places): Place {
  const advice = new Set<string>();
  function inThePlane(greatCircle: boolean | undefined, parameter: string): Geometry {
    if (geography) throw measuredInThePlane(greatCircle, parameter);
    if (srid === DEGREES) {
      advice.add(greatCircle === undefined ? "ST_Transform makes planar ones" : "great_circle measures on the sphere");
    }
    return geometry;
  }
  return {
    geometry,
    hasPoints: geometry.kinds.includes(POINT),
    hasPolygons: geometry.kinds.includes(POLYGON),
    srid,
    points(greatCircle, parameter) {
      if (greatCircle) return sphericalCentroids(checkDegrees(geometry, parameter));
      return centroids(inThePlane(greatCircle, parameter));
    },
    vertices: (parameter) => inThePlane(undefined, parameter),
    degrees() {
      if (geography || srid === DEGREES) return "known";
      return srid <= 0 && mayBeDegrees(geometry) ? "possible" : "none";
    },
    warnings: () =>
      [...advice].map(
        (what) => `coordinates are longitudes and latitudes (SRID ${DEGREES}), taken as planar degrees; ${what}`,
      ),
  };
}

/** Computed places, in the coordinates of those that they were computed from. */
export const placesLike = ({ srid }: Place, geometry: Geometry): Places => ({
  type: "geometry",
  geometry,
  srid,
  geography: false,
});

function measuredInThePlane(greatCircle: boolean | undefined, parameter: string): DriveshaftError {
  const message =
    greatCircle === undefined
      ? `${parameter} measures in the plane, but the column is of type geography, whose distances follow the sphere`
      : `${parameter} is false, but the column is of type geography, whose distances follow the sphere`;
  const hint =
    greatCircle === undefined
      ? "Cast the column to geometry, by ST_Transform to a planar system."
      : `Set ${parameter} to true, or cast the column to geometry to measure in degrees.`;
  return new DriveshaftError("INVALID_PARAMETER", message, { hint });
}

/** By how many degrees rounding may put a vertex beyond a pole. */
const ROUNDING = 1e-9;

/** @throws INVALID_PARAMETER where a coordinate is no longitude or latitude */
function checkDegrees(geometry: Geometry, parameter: string): Geometry {
  const { xs, ys } = geometry;
  for (let v = 0; v < xs.length; v++) {
    if (Math.abs(ys[v]!) <= 90 + ROUNDING && Math.abs(xs[v]!) <= 360 + ROUNDING) continue;
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      `${parameter} is true, but (${xs[v]}, ${ys[v]}) is not a longitude and latitude in degrees`,
      { hint: "Use ST_Transform(geom, 4326), or leave the parameter out." },
    );
  }
  return geometry;
}
