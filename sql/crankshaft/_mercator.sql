-- A geometry in Web Mercator.
CREATE OR REPLACE FUNCTION cdb_crankshaft._mercator(geom geometry) RETURNS geometry
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, :"postgis", pg_temp AS $$
DECLARE
  projected geometry;
BEGIN
  IF ST_IsEmpty(geom) THEN
    RETURN NULL;
  END IF;
  IF ST_SRID(geom) = 0 THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER', 'a geometry has no SRID',
      'Set it: ST_SetSRID(the_geom, 4326) for longitudes and latitudes.');
  END IF;
  projected := ST_Transform(ST_Force2D(geom), 3857);
  -- the poles are infinitely far; PROJ has them beyond 2e8
  IF NOT (greatest(abs(ST_XMin(projected)), ST_XMax(projected), abs(ST_YMin(projected)), ST_YMax(projected)) < 1e8) THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER', 'a geometry reaches a pole, which is not on the map of Web Mercator',
      'Clip it to latitudes from -85 to 85.');
  END IF;
  RETURN projected;
END $$;
