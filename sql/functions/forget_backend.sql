-- Forgets the note of a backend that has been ended.
CREATE OR REPLACE FUNCTION driveshaft.forget_backend(pid integer, started_at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM driveshaft.backends b WHERE b.pid = forget_backend.pid AND b.started_at = forget_backend.started_at
$$;

GRANT EXECUTE ON FUNCTION driveshaft.forget_backend TO :"worker";
