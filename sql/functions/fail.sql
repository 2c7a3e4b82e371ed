-- Ends a job that its worker could not finish. Does nothing where the worker no longer holds it, or it was published.
CREATE OR REPLACE FUNCTION driveshaft.fail(job uuid, token text, code text, message text, hint text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE driveshaft.jobs j SET state = CASE WHEN code = 'CANCELED' THEN 'canceled' ELSE 'failed' END, token_hash = NULL,
    finished_at = clock_timestamp(), error_code = code, error_message = message, error_hint = hint
   WHERE j.id = fail.job AND j.state = 'running' AND j.token_hash = sha256(convert_to(fail.token, 'UTF8'));
  IF FOUND THEN
    UPDATE driveshaft.attempts a SET ended_at = clock_timestamp(), error_code = code, error_message = message WHERE a.job = fail.job AND a.ended_at IS NULL;
  END IF;
END $$;

REVOKE EXECUTE ON FUNCTION driveshaft.fail(uuid, text, text, text, text) FROM PUBLIC;
