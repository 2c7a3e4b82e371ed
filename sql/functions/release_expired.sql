-- Takes jobs from workers that let their lease run out: back to the queue, or to their end where that is due. A job whose
-- row is locked is about to be published; it is left alone.
CREATE OR REPLACE FUNCTION driveshaft.release_expired() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lost driveshaft.jobs;
BEGIN
  FOR lost IN SELECT j.* FROM driveshaft.jobs j LEFT JOIN driveshaft.progress p ON p.job = j.id
     WHERE j.state = 'running' AND coalesce(p.lease_until, '-infinity') < clock_timestamp() FOR UPDATE OF j SKIP LOCKED LOOP
    UPDATE driveshaft.attempts a SET ended_at = clock_timestamp(), error_code = 'WORKER_LOST', error_message = 'the worker stopped renewing its lease'
     WHERE a.job = lost.id AND a.ended_at IS NULL;
    IF lost.cancel THEN
      UPDATE driveshaft.jobs j SET state = 'canceled', token_hash = NULL, finished_at = clock_timestamp(), error_code = 'CANCELED',
        error_message = 'the job was canceled' WHERE j.id = lost.id;
    ELSIF lost.attempts >= (driveshaft.limits_of(lost.requester)).attempts THEN
      UPDATE driveshaft.jobs j SET state = 'failed', token_hash = NULL, finished_at = clock_timestamp(), error_code = 'WORKER_LOST',
        error_message = format('its workers were lost or failed %s times', lost.attempts),
        error_hint = 'See cdb_analysis_attempts(job) and the logs of the workers.' WHERE j.id = lost.id;
    ELSE
      UPDATE driveshaft.jobs j SET state = 'pending', token_hash = NULL, sent_at = NULL, retry_at = NULL WHERE j.id = lost.id;
    END IF;
  END LOOP;
END $$;
