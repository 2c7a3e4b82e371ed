import { DEGREES, type Places } from "../geometry/place.js";
import { placesColumns, type Table } from "../table/table.js";

/** What the EPSG gives to reference systems; other numbers mean what their database says. */
const isEpsgCode = (srid: number): boolean => srid >= 1024 && srid <= 32767;

const isForeign = ({ srid }: Places): boolean => srid > 0 && srid !== DEGREES;

/** The member by which GeoJSON of 2008 says what its coordinates are, and GDAL, QGIS and PostGIS still do. */
export const crsMember = (places: Places): string =>
  isForeign(places) && isEpsgCode(places.srid)
    ? `"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::${places.srid}"}},`
    : "";

/** Warnings of coordinates that GeoJSON is not meant to have (RFC 7946, section 4); they are written as they are. */
export function foreignCoordinates(table: Table): string[] {
  const own = placesColumns(table).map(({ name, column }) => ({ name: JSON.stringify(name), column }));
  const written = own.length === 0 && table.places ? [{ name: "the rows", column: table.places }] : own;
  return written
    .filter(({ column }) => isForeign(column))
    .map(
      ({ name, column }) =>
        `the coordinates of ${name} are of SRID ${column.srid}; programs expect those of SRID ${DEGREES} in GeoJSON`,
    );
}
