-- Refuses arrays whose elements belong together and are not of one number.
CREATE OR REPLACE FUNCTION cdb_crankshaft._check_lengths(name text, length integer, other text, other_length integer)
  RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF length <> other_length THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER',
      format('%s has %s elements, but %s has %s', name, length, other, other_length),
      'Give one for each of the other: with array_agg over the same rows.');
  END IF;
END $$;
