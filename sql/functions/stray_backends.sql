-- Backends of attempts that no worker holds any more, of roles that a worker serves. Only their own role may end them.
CREATE OR REPLACE FUNCTION driveshaft.stray_backends(roles name[])
  RETURNS TABLE (requester name, pid integer, started_at text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT j.requester, b.pid, b.started_at::text
    FROM driveshaft.backends b JOIN driveshaft.jobs j ON j.id = b.job LEFT JOIN driveshaft.progress p ON p.job = j.id
   WHERE j.requester = ANY (roles) AND j.requester_id = to_regrole(quote_ident(j.requester))
     AND (j.state <> 'running' OR b.attempt <> j.attempts OR coalesce(p.lease_until, '-infinity') < clock_timestamp())
$$;

GRANT EXECUTE ON FUNCTION driveshaft.stray_backends TO :"worker";
