-- Jobs that wait for functions and might run now: how many, how many of them no function has been told of, and for how
-- many seconds the oldest has been waiting.
CREATE OR REPLACE FUNCTION driveshaft.queue_depth(engines text[], OUT pending integer, OUT unsent integer,
  OUT oldest_seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*), count(*) FILTER (WHERE j.sent_at IS NULL),
         coalesce(extract(epoch FROM clock_timestamp() - min(greatest(j.created_at, j.retry_at))), 0)
    FROM driveshaft.jobs j
   WHERE j.state = 'pending' AND j.engine = ANY (engines) AND j.origin = driveshaft.origin()
     AND coalesce(j.retry_at, '-infinity') <= clock_timestamp()
$$;

GRANT EXECUTE ON FUNCTION driveshaft.queue_depth TO :"worker";
