-- Ends a job, and with it what it holds: its token, its target, a cancellation.
CREATE OR REPLACE FUNCTION driveshaft.end_job(job uuid, state text, code text, message text, hint text DEFAULT NULL)
  RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  UPDATE driveshaft.jobs j SET state = end_job.state, token_hash = NULL, finished_at = clock_timestamp(),
    error_code = code, error_message = message,
    error_hint = hint WHERE j.id = end_job.job
$$;
