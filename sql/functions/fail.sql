-- Ends an attempt that its worker could not finish: with `retry` the job waits that long for another, if it may have one;
-- otherwise it has ended. Does nothing where the worker no longer holds the job, or it was published.
CREATE OR REPLACE FUNCTION driveshaft.fail(job uuid, token text, code text, message text, hint text, retry interval) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  held driveshaft.jobs;
BEGIN
  SELECT * INTO held FROM driveshaft.jobs j
   WHERE j.id = fail.job AND j.state = 'running' AND j.token_hash = sha256(convert_to(fail.token, 'UTF8')) FOR UPDATE;
  IF held.id IS NULL THEN
    RETURN;
  END IF;
  UPDATE driveshaft.attempts a SET ended_at = clock_timestamp(), error_code = code, error_message = message WHERE a.job = held.id AND a.ended_at IS NULL;
  IF held.cancel OR code = 'CANCELED' THEN
    UPDATE driveshaft.jobs j SET state = 'canceled', token_hash = NULL, finished_at = clock_timestamp(), error_code = 'CANCELED',
      error_message = 'the job was canceled' WHERE j.id = held.id;
  ELSIF retry IS NOT NULL AND held.attempts < (driveshaft.limits_of(held.requester)).attempts THEN
    UPDATE driveshaft.jobs j SET state = 'pending', token_hash = NULL, sent_at = NULL, retry_at = clock_timestamp() + retry WHERE j.id = held.id;
  ELSE
    UPDATE driveshaft.jobs j SET state = 'failed', token_hash = NULL, finished_at = clock_timestamp(), error_code = code, error_message = message,
      error_hint = hint WHERE j.id = held.id;
  END IF;
END $$;
