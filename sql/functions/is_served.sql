-- Whether a worker that was seen lately has a connection for a role.
CREATE OR REPLACE FUNCTION driveshaft.is_served(role name) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM driveshaft.workers w WHERE role = ANY (w.roles)
    AND w.seen_at > clock_timestamp() - interval '1 min')
$$;

GRANT EXECUTE ON FUNCTION driveshaft.is_served TO PUBLIC;
