-- Points with values, in the order of the arrays. Those without a place or a value are left out.
CREATE OR REPLACE FUNCTION cdb_crankshaft._samples(geomin geometry[], colin numeric[])
  RETURNS TABLE (place bigint, geom geometry, value numeric)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, :"postgis", pg_temp AS $$
BEGIN
  PERFORM cdb_crankshaft._check_lengths('geomin', cardinality(geomin), 'colin', cardinality(colin));
  PERFORM cdb_crankshaft._check_points(geomin);
  RETURN QUERY
    SELECT s.place, ST_Force2D(s.point), s.number
      FROM ROWS FROM (unnest(geomin), unnest(colin)) WITH ORDINALITY s (point, number, place)
     -- what is null, NaN or infinite is not zero less itself
     WHERE s.number - s.number = 0 AND ST_X(s.point) - ST_X(s.point) = 0 AND ST_Y(s.point) - ST_Y(s.point) = 0;
END $$;
