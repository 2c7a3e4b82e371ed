-- A row of numbers. As a type of its own it is one element of an array, so that an aggregate can append it in place:
-- rows put together by array_cat are all copied for each.
DO $$
BEGIN
  CREATE DOMAIN cdb_crankshaft._row AS numeric[];
EXCEPTION WHEN duplicate_object THEN
  NULL;
END $$;

-- Packs rows into one array: the number of columns, then row after row.
CREATE OR REPLACE FUNCTION cdb_crankshaft.cdb_pyaggf(rows cdb_crankshaft._row[]) RETURNS numeric[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
  columns integer := cardinality(rows[1]);
  others text;
BEGIN
  IF rows IS NULL THEN
    RETURN '{}';
  END IF;
  SELECT min(coalesce(cardinality(r)::text, 'null')) INTO others
    FROM unnest(rows) r WHERE cardinality(r) IS DISTINCT FROM columns OR r IS NULL;
  IF others IS NOT NULL THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER',
      format('the number of columns of a row is %s, but of the first %s', others, columns),
      'Give an array of the same columns for each row; elements may be null.');
  END IF;
  RETURN columns::numeric || ARRAY(
    SELECT e.number FROM unnest(rows) WITH ORDINALITY r (items, place), unnest(r.items) WITH ORDINALITY e (number, item)
     ORDER BY r.place, e.item);
END $$;

CREATE OR REPLACE AGGREGATE cdb_crankshaft.cdb_pyagg(cdb_crankshaft._row) (
  SFUNC = pg_catalog.array_append,
  STYPE = cdb_crankshaft._row[],
  FINALFUNC = cdb_crankshaft.cdb_pyaggf
);
