-- This server and this database, by numbers that no dump carries along.
CREATE OR REPLACE FUNCTION driveshaft.origin() RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT concat_ws('/', s.system_identifier, d.oid) FROM pg_control_system() s, pg_database d
    WHERE d.datname = current_database()
$$;
