-- Values that are more than a number of sample standard deviations away from the mean, or above it where not symmetric.
-- Null for a null; these do not count in mean and deviation.
CREATE OR REPLACE FUNCTION cdb_crankshaft.cdb_stddevoutlier(column_values numeric[], num_deviations numeric,
  ids integer[], is_symmetric boolean DEFAULT true) RETURNS TABLE (is_outlier boolean, rowid integer)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  mean numeric;
  deviation numeric;
BEGIN
  PERFORM cdb_crankshaft._check_lengths('column_values', cardinality(column_values), 'ids', cardinality(ids));
  SELECT avg(v), coalesce(stddev_samp(v), 0) INTO mean, deviation FROM unnest(column_values) v;
  IF mean IS NOT NULL AND deviation = 0 THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER', 'Standard deviation of input data is zero',
      'Give at least two values that differ.');
  END IF;
  RETURN QUERY
    SELECT CASE WHEN is_symmetric THEN abs(v.number - mean) ELSE v.number - mean END > num_deviations * deviation, v.id
      FROM ROWS FROM (unnest(column_values), unnest(ids)) v (number, id);
END $$;
