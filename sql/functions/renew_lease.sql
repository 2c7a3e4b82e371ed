-- Renews a worker's lease and notes its progress. Says whether to go on: `running`, `canceled`, or `lost` to another
-- worker.
CREATE OR REPLACE FUNCTION driveshaft.renew_lease(job uuid, token text, phase text, share double precision,
  lease interval) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  canceled boolean;
BEGIN
  SELECT EXISTS (SELECT FROM driveshaft.cancellations c WHERE c.job = j.id) INTO canceled FROM driveshaft.jobs j
   WHERE j.id = renew_lease.job AND j.state = 'running'
     AND j.token_hash = sha256(convert_to(renew_lease.token, 'UTF8'));
  IF canceled IS NULL THEN
    RETURN 'lost';
  END IF;
  UPDATE driveshaft.progress p SET lease_until = clock_timestamp() + renew_lease.lease, phase = renew_lease.phase,
    share = renew_lease.share WHERE p.job = renew_lease.job;
  UPDATE driveshaft.workers w SET seen_at = clock_timestamp()
   WHERE w.name = (SELECT split_part(a.worker, '/', 1) FROM driveshaft.attempts a WHERE a.job = renew_lease.job
     AND a.ended_at IS NULL) AND w.seen_at < clock_timestamp() - interval '10 s';
  RETURN CASE WHEN canceled THEN 'canceled' ELSE 'running' END;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.renew_lease TO :"worker";
