-- The numbers of an array in ascending order, without nulls, NaN and infinity; null where there is none.
CREATE OR REPLACE FUNCTION cdb_crankshaft._values(in_array numeric[], breaks integer) RETURNS numeric[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM cdb_crankshaft._check_range('breaks', breaks, 1, 10000);
  RETURN (SELECT array_agg(v ORDER BY v) FROM unnest(in_array) v WHERE v - v = 0);
END $$;
