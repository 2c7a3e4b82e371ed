-- Points with values, and in each iteration a further one in the middle of every Delaunay triangle, with the mean of
-- its corners' values.
CREATE OR REPLACE FUNCTION cdb_crankshaft.cdb_densify(geomin geometry[], colin numeric[], iterations integer)
  RETURNS TABLE (geomout geometry, colout numeric)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, :"postgis", pg_temp SET jit = off AS $$
DECLARE
  points geometry[];
  numbers numeric[];
BEGIN
  -- each iteration makes three points of one
  PERFORM cdb_crankshaft._check_range('iterations', iterations, 0,
    greatest(0, floor(log(3, 3000000.0 / greatest(cardinality(geomin), 1)))));
  SELECT array_agg(s.geom ORDER BY s.place), array_agg(s.value ORDER BY s.place) INTO points, numbers
    FROM cdb_crankshaft._samples(geomin, colin) s;
  FOR i IN 1..iterations LOOP
    SELECT points || array_agg(ST_SetSRID(ST_Point(t.x1 / 3 + t.x2 / 3 + t.x3 / 3, t.y1 / 3 + t.y2 / 3 + t.y3 / 3),
          ST_SRID(t.geom)) ORDER BY t.x1, t.y1, t.x2, t.y2, t.x3, t.y3),
        numbers || array_agg((t.value1 + t.value2 + t.value3) / 3 ORDER BY t.x1, t.y1, t.x2, t.y2, t.x3, t.y3)
      INTO points, numbers FROM cdb_crankshaft._triangles(points, numbers) t;
  END LOOP;
  RETURN QUERY SELECT * FROM ROWS FROM (unnest(points), unnest(numbers)) d;
END $$;
