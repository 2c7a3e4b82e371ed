-- A polygon, repaired where its rings cross; null where it has no area. Other geometries are refused.
CREATE OR REPLACE FUNCTION cdb_crankshaft._polygonal(geom geometry) RETURNS geometry
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, :"postgis", pg_temp AS $$
DECLARE
  repaired geometry;
BEGIN
  IF GeometryType(geom) NOT IN ('POLYGON', 'MULTIPOLYGON') THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER',
      format('a geometry must be of type POLYGON or MULTIPOLYGON, not %s', GeometryType(geom)),
      'Take ST_Buffer of points and lines, and ST_CollectionExtract(the_geom, 3) of collections.');
  END IF;
  repaired := ST_Force2D(geom);
  IF NOT (ST_IsValidDetail(repaired)).valid THEN
    repaired := ST_CollectionExtract(ST_MakeValid(repaired), 3);
  END IF;
  RETURN CASE WHEN ST_Area(repaired) > 0 THEN repaired END;
END $$;
