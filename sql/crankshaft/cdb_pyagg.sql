-- Adds a row to those packed so far; the first element says how many columns they have.
CREATE OR REPLACE FUNCTION cdb_crankshaft.cdb_pyaggs(current_state numeric[], current_row numeric[]) RETURNS numeric[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  number numeric;
BEGIN
  IF current_state[1] IS NULL THEN
    current_state := ARRAY[cardinality(current_row)::numeric];
  END IF;
  IF cardinality(current_row) IS DISTINCT FROM current_state[1]::integer THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER', format('a row has %s columns, but the first has %s',
        coalesce(cardinality(current_row)::text, 'no array of'), current_state[1]),
      'Give an array of the same columns for each row; elements may be null.');
  END IF;
  -- one at a time: array_append adds in place, so that many rows take no longer each
  FOREACH number IN ARRAY current_row LOOP
    current_state := array_append(current_state, number);
  END LOOP;
  RETURN current_state;
END $$;

-- Packs rows of numbers into one array: the number of columns, then row after row.
CREATE OR REPLACE AGGREGATE cdb_crankshaft.cdb_pyagg(numeric[]) (
  SFUNC = cdb_crankshaft.cdb_pyaggs,
  STYPE = numeric[],
  INITCOND = '{}'
);
