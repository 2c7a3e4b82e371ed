-- Functions that may be told of jobs or run them at a time, for the engines whose functions the database or the sweep
-- invokes.
CREATE OR REPLACE FUNCTION driveshaft.in_flight() RETURNS integer
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT value::integer FROM driveshaft.settings WHERE name = 'in_flight'
$$;
