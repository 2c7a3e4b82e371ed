-- Values whose ratio to the mean is above a fraction. Null for a null; these do not count in the mean.
CREATE OR REPLACE FUNCTION cdb_crankshaft.cdb_percentoutlier(column_values numeric[], outlier_fraction numeric,
  ids integer[]) RETURNS TABLE (is_outlier boolean, rowid integer)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  n bigint;
  total numeric;
BEGIN
  PERFORM cdb_crankshaft._check_lengths('column_values', cardinality(column_values), 'ids', cardinality(ids));
  SELECT count(v), sum(v) INTO n, total FROM unnest(column_values) v;
  IF total = 0 THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER', 'Mean value is zero, so no value has a ratio to it',
      'Use CDB_StdDevOutlier or CDB_StaticOutlier.');
  END IF;
  -- multiplied out, so that no ratio is rounded
  RETURN QUERY
    SELECT v.number * n * sign(total) > outlier_fraction * abs(total), v.id
      FROM ROWS FROM (unnest(column_values), unnest(ids)) v (number, id);
END $$;
