-- Pending jobs of roles that a worker does not serve, so that it can say that it leaves them alone.
CREATE OR REPLACE FUNCTION driveshaft.unserved(roles name[]) RETURNS TABLE (requester name, jobs bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT j.requester, count(*) FROM driveshaft.jobs j WHERE j.state = 'pending' AND j.engine = 'worker'
    AND NOT j.requester = ANY (roles) GROUP BY 1 ORDER BY 1
$$;

GRANT EXECUTE ON FUNCTION driveshaft.unserved TO :"worker";
