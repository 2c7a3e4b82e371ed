-- The seed of the session, where _cdb_random_seeds has set one.
CREATE OR REPLACE FUNCTION cdb_crankshaft._seed() RETURNS jsonb
LANGUAGE sql STABLE BEGIN ATOMIC
  SELECT CASE WHEN current_setting('driveshaft.crankshaft_seed', true) <> ''
    THEN jsonb_build_object('seed', current_setting('driveshaft.crankshaft_seed')::bigint) ELSE '{}' END;
END;
