-- Makes what is drawn in this session the same each time, by jobs and by random().
CREATE OR REPLACE FUNCTION cdb_crankshaft._cdb_random_seeds(seed_value integer) RETURNS void
LANGUAGE sql BEGIN ATOMIC
  SELECT set_config('driveshaft.crankshaft_seed', abs(seed_value::bigint)::text, false);
  SELECT setseed(seed_value / 2147483648.0);
END;
