-- Renews a worker's lease and notes its progress. Says whether to go on: `running`, `canceled`, or `lost` to another worker.
CREATE OR REPLACE FUNCTION driveshaft.beat(job uuid, token text, phase text, share double precision, lease interval) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  canceled boolean;
BEGIN
  SELECT EXISTS (SELECT FROM driveshaft.cancellations c WHERE c.job = j.id) INTO canceled FROM driveshaft.jobs j
   WHERE j.id = beat.job AND j.state = 'running' AND j.token_hash = sha256(convert_to(beat.token, 'UTF8'));
  IF canceled IS NULL THEN
    RETURN 'lost';
  END IF;
  UPDATE driveshaft.progress p SET lease_until = clock_timestamp() + beat.lease, phase = beat.phase, share = beat.share WHERE p.job = beat.job;
  UPDATE driveshaft.workers w SET seen_at = clock_timestamp()
   WHERE w.name = (SELECT split_part(a.worker, '/', 1) FROM driveshaft.attempts a WHERE a.job = beat.job AND a.ended_at IS NULL) AND w.seen_at < clock_timestamp() - interval '10 s';
  RETURN CASE WHEN canceled THEN 'canceled' ELSE 'running' END;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.beat TO :"worker";
