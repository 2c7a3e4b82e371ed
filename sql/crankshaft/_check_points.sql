-- Refuses geometries that are not points of one system.
CREATE OR REPLACE FUNCTION cdb_crankshaft._check_points(points geometry[]) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, :"postgis", pg_temp AS $$
DECLARE
  other text;
  lowest integer;
  highest integer;
BEGIN
  SELECT min(GeometryType(p)) FILTER (WHERE GeometryType(p) <> 'POINT'), min(ST_SRID(p)), max(ST_SRID(p))
    INTO other, lowest, highest FROM unnest(points) p;
  IF other IS NOT NULL THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER', format('geometries must be of type POINT, not %s', other),
      'Take ST_Centroid or ST_PointOnSurface of them.');
  END IF;
  IF lowest <> highest THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER', format('points are of SRID %s and %s', lowest, highest),
      'Bring them into one system with ST_Transform.');
  END IF;
END $$;
