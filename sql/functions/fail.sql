-- Ends an attempt that its worker could not finish: with `retry` the job waits that long for another, if it may have
-- one; otherwise it has ended. Says `noted`; or `ready` where the attempt had published the job after all, `lost` where
-- the worker no longer holds it, `busy` where that is being decided by a transaction at work.
CREATE OR REPLACE FUNCTION driveshaft.fail(job uuid, token text, code text, message text, hint text, retry interval)
  RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  held driveshaft.jobs;
BEGIN
  SELECT * INTO held FROM driveshaft.jobs j
   WHERE j.id = fail.job AND j.token_hash = sha256(convert_to(fail.token, 'UTF8')) FOR NO KEY UPDATE SKIP LOCKED;
  IF held.id IS NULL THEN
    RETURN CASE WHEN EXISTS (SELECT FROM driveshaft.jobs j WHERE j.id = fail.job
      AND j.token_hash = sha256(convert_to(fail.token, 'UTF8')))
      THEN 'busy' ELSE 'lost' END;
  ELSIF held.state = 'ready' THEN
    RETURN 'ready';
  END IF;
  UPDATE driveshaft.attempts a SET ended_at = clock_timestamp(), error_code = code, error_message = message
    WHERE a.job = held.id AND a.ended_at IS NULL;
  IF code = 'CANCELED' OR EXISTS (SELECT FROM driveshaft.cancellations c WHERE c.job = held.id) THEN
    PERFORM driveshaft.end_job(held.id, 'canceled', 'CANCELED', 'the job was canceled');
  ELSIF retry IS NOT NULL AND held.attempts < (driveshaft.limits_of(held.requester)).attempts THEN
    UPDATE driveshaft.jobs j SET state = 'pending', token_hash = NULL, sent_at = NULL,
      retry_at = clock_timestamp() + retry WHERE j.id = held.id;
  ELSE
    PERFORM driveshaft.end_job(held.id, 'failed', code, message, hint);
  END IF;
  RETURN 'noted';
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.fail TO :"worker";
