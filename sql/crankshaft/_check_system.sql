-- Refuses two geometries of different systems.
CREATE OR REPLACE FUNCTION cdb_crankshaft._check_system(geom geometry, other geometry) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, :"postgis", pg_temp AS $$
BEGIN
  IF ST_SRID(geom) <> ST_SRID(other) THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER',
      format('geometries are of SRID %s and %s', ST_SRID(geom), ST_SRID(other)),
      'Bring them into one system with ST_Transform.');
  END IF;
END $$;
