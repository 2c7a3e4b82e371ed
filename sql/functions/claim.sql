-- Takes a job for a worker: the oldest pending one, or one whose worker let its lease run out, of the roles it serves.
-- The token that is returned is the only authority over the job from here on; only its hash is kept.
CREATE OR REPLACE FUNCTION driveshaft.claim(worker text, roles name[], lease interval)
RETURNS TABLE (job uuid, token text, requester name, analysis text, query text, params jsonb, target text, path text, time_zone text, attempt integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  max_attempts CONSTANT integer := 3;
  taken driveshaft.jobs;
  fresh text := gen_random_uuid()::text || gen_random_uuid()::text;
BEGIN
  LOOP
    SELECT j.* INTO taken FROM driveshaft.jobs j LEFT JOIN driveshaft.progress p ON p.job = j.id
     WHERE j.requester = ANY (roles)
       AND (j.state = 'pending' OR j.state = 'running' AND coalesce(p.lease_until, '-infinity') < clock_timestamp())
     ORDER BY j.created_at FOR UPDATE OF j SKIP LOCKED LIMIT 1;
    IF taken.id IS NULL THEN
      RETURN;
    END IF;
    UPDATE driveshaft.attempts a SET ended_at = clock_timestamp(), error_code = 'WORKER_LOST', error_message = 'the worker stopped renewing its lease'
     WHERE a.job = taken.id AND a.ended_at IS NULL;
    EXIT WHEN NOT taken.cancel AND taken.attempts < max_attempts;
    UPDATE driveshaft.jobs j SET state = CASE WHEN taken.cancel THEN 'canceled' ELSE 'failed' END, token_hash = NULL, finished_at = clock_timestamp(),
      error_code = CASE WHEN taken.cancel THEN 'CANCELED' ELSE 'WORKER_LOST' END,
      error_message = CASE WHEN taken.cancel THEN 'the job was canceled' ELSE format('%s workers were lost with this job', taken.attempts) END
     WHERE j.id = taken.id;
  END LOOP;

  UPDATE driveshaft.jobs j SET state = 'running', attempts = j.attempts + 1, token_hash = sha256(convert_to(fresh, 'UTF8')),
    started_at = clock_timestamp() WHERE j.id = taken.id;
  INSERT INTO driveshaft.progress AS p (job, lease_until) VALUES (taken.id, clock_timestamp() + lease)
    ON CONFLICT ON CONSTRAINT progress_pkey DO UPDATE SET lease_until = excluded.lease_until, phase = excluded.phase, share = excluded.share;
  INSERT INTO driveshaft.attempts (job, number, worker) VALUES (taken.id, taken.attempts + 1, worker);
  RETURN QUERY SELECT taken.id, fresh, taken.requester, taken.analysis, taken.query, taken.params, taken.target, taken.path, taken.time_zone, taken.attempts + 1;
END $$;

REVOKE EXECUTE ON FUNCTION driveshaft.claim(text, name[], interval) FROM PUBLIC;
