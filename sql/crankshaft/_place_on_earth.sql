-- A geometry's place, of a line or polygon its centroid, as longitude and latitude for geodesic distances. Coordinates
-- without an SRID are taken for these where they can be.
CREATE OR REPLACE FUNCTION cdb_crankshaft._place_on_earth(geom geometry) RETURNS geography
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, :"postgis", pg_temp AS $$
DECLARE
  place geometry := ST_Centroid(geom);
BEGIN
  IF ST_SRID(place) NOT IN (0, 4326) THEN
    place := ST_Transform(place, 4326);
  END IF;
  IF ST_IsEmpty(place) THEN
    RETURN NULL;
  END IF;
  IF NOT (abs(ST_X(place)) <= 180 AND abs(ST_Y(place)) <= 90) THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER', format('%s is no longitude and latitude', ST_AsText(place)),
      'Set the system of the geometries with ST_SetSRID.');
  END IF;
  RETURN ST_SetSRID(place, 4326)::geography;
END $$;
