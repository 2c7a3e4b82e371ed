-- The value at a point from those of other points: 0 the mean of the p1 nearest (of one where p1 is 0), 1 barycentric
-- in the Delaunay triangle, 2 weighted by inverse distances to the power p2 (1 where p2 is 0), of the p1 nearest (of
-- all where p1 is 0). -888.888 stands for a point outside all triangles, -777.777 for another method. Distances are
-- planar, in units of the points' system.
CREATE OR REPLACE FUNCTION cdb_crankshaft.cdb_spatialinterpolation(geomin geometry[], colin numeric[], point geometry,
  method integer DEFAULT 1, p1 numeric DEFAULT 0, p2 numeric DEFAULT 0) RETURNS numeric
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, :"postgis", pg_temp SET jit = off AS $$
BEGIN
  IF method NOT BETWEEN 0 AND 2 THEN
    RETURN -777.777;
  END IF;
  PERFORM cdb_crankshaft._check_points(point || geomin[1:1]);
  PERFORM cdb_crankshaft._check_range('p1', p1, 0, 1e9);
  PERFORM cdb_crankshaft._check_range('p2', p2, 0, 1e3);
  IF ST_IsEmpty(point) THEN
    RETURN NULL;
  END IF;
  RETURN CASE method
    WHEN 0 THEN (
      SELECT avg(n.value)
        FROM (SELECT s.value FROM cdb_crankshaft._samples(geomin, colin) s
               ORDER BY ST_Distance(s.geom, point), s.place LIMIT greatest(round(p1), 1)) n)
    WHEN 1 THEN cdb_crankshaft._value_barycentric(geomin, colin, point)
    ELSE cdb_crankshaft._value_idw(geomin, colin, point, round(p1)::integer, p2)
  END;
END $$;

-- The same with the points of a query, which has columns the_geom and attrib; it runs as the caller, in the caller's
-- search_path.
CREATE OR REPLACE FUNCTION cdb_crankshaft.cdb_spatialinterpolation(query text, point geometry,
  method integer DEFAULT 1, p1 numeric DEFAULT 0, p2 numeric DEFAULT 0) RETURNS numeric
LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE
  geomin :"postgis".geometry[];
  colin pg_catalog.numeric[];
BEGIN
  EXECUTE pg_catalog.concat('SELECT pg_catalog.array_agg(q.the_geom), pg_catalog.array_agg(q.attrib::pg_catalog.numeric)
    FROM (', query, E'\n) q') INTO geomin, colin;
  RETURN cdb_crankshaft.cdb_spatialinterpolation(geomin, colin, point, method, p1, p2);
END $$;
