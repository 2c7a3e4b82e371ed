-- The Delaunay triangles of densified points, each with the mean of its corners' values.
CREATE OR REPLACE FUNCTION cdb_crankshaft.cdb_tinmap(geomin geometry[], colin numeric[], iterations integer)
  RETURNS TABLE (geomout geometry, colout numeric)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, :"postgis", pg_temp SET jit = off AS $$
DECLARE
  points geometry[];
  numbers numeric[];
BEGIN
  SELECT array_agg(d.geomout), array_agg(d.colout) INTO points, numbers
    FROM cdb_crankshaft.cdb_densify(geomin, colin, iterations) d;
  RETURN QUERY SELECT t.geom, (t.value1 + t.value2 + t.value3) / 3 FROM cdb_crankshaft._triangles(points, numbers) t;
END $$;
