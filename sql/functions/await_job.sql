-- Waits for the end of a job and says how it ended; `unserved` where it waits and no worker serves its requester. For
-- whoever may see the job; each look is a statement of its own, so it sees what others have committed.
CREATE OR REPLACE FUNCTION driveshaft.await_job(job uuid, OUT state text, OUT error_code text, OUT error_message text,
  OUT error_hint text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  since CONSTANT timestamptz := clock_timestamp();
  engine text;
BEGIN
  LOOP
    SELECT j.state, j.engine, j.error_code, j.error_message, j.error_hint
      INTO state, engine, error_code, error_message, error_hint
      FROM driveshaft.jobs j WHERE j.id = await_job.job;
    EXIT WHEN state IS NULL OR state IN ('ready', 'failed', 'canceled');
    IF state = 'pending' AND engine = 'worker' AND clock_timestamp() > since + interval '3 s'
      AND NOT driveshaft.is_served(current_user) THEN
      state := 'unserved';
      EXIT;
    END IF;
    -- a tenth of the time so far, 1 to 50 ms
    PERFORM pg_sleep(least(0.05, greatest(0.001, 0.1 * extract(epoch FROM clock_timestamp() - since))));
  END LOOP;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.await_job TO PUBLIC;
