-- Notes that a job's function could not be told of it. With `retry` it is told again after that long, otherwise the job
-- has failed. Does nothing where the job is no longer waiting.
CREATE OR REPLACE FUNCTION driveshaft.note_send_failure(job uuid, code text, message text, hint text, retry interval)
  RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF retry IS NULL THEN
    UPDATE driveshaft.jobs j SET state = 'failed', finished_at = clock_timestamp(), error_code = code,
      error_message = message, error_hint = hint
     WHERE j.id = note_send_failure.job AND j.state = 'pending' AND j.engine <> 'worker';
  ELSE
    UPDATE driveshaft.jobs j SET sent_at = NULL, sent_error = concat(code, ': ', message),
      retry_at = clock_timestamp() + retry
     WHERE j.id = note_send_failure.job AND j.state = 'pending' AND j.engine <> 'worker';
  END IF;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.note_send_failure TO :"worker";
