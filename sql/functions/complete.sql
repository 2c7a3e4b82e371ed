-- Marks a job ready, and returns it. The token is the only authority: one that is stale, guessed or canceled raises,
-- and what the transaction made goes with it.
CREATE OR REPLACE FUNCTION driveshaft.complete(job uuid, token text, summary jsonb) RETURNS driveshaft.jobs
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  done driveshaft.jobs;
BEGIN
  UPDATE driveshaft.jobs j SET state = 'ready', finished_at = clock_timestamp(), summary = complete.summary
   WHERE j.id = complete.job AND j.state = 'running' AND j.token_hash = sha256(convert_to(complete.token, 'UTF8'))
     AND NOT EXISTS (SELECT FROM driveshaft.cancellations c WHERE c.job = j.id)
  RETURNING * INTO done;
  IF done.id IS NULL THEN
    RAISE EXCEPTION USING errcode = 'DS001', message = format('the attempt no longer holds job %s', complete.job);
  END IF;
  UPDATE driveshaft.attempts a SET ended_at = clock_timestamp() WHERE a.job = done.id AND a.ended_at IS NULL;
  DELETE FROM driveshaft.backends b WHERE b.job = done.id;
  RETURN done;
END $$;
