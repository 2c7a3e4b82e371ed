-- Refuses a number that is not from `low` to `high`.
CREATE OR REPLACE FUNCTION cdb_crankshaft._check_range(name text, number numeric, low numeric, high numeric)
  RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF number NOT BETWEEN low AND high THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER', format('%s is %s', name, number),
      format('Give a number from %s to %s.', low, high));
  END IF;
END $$;
