-- Takes jobs from workers that let their lease run out: back to the queue, or to their end where that is due. A job
-- whose row is locked is about to be published; it is left alone. Ends jobs that went back to the queue although they
-- were canceled.
CREATE OR REPLACE FUNCTION driveshaft.release_expired() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lost driveshaft.jobs;
BEGIN
  FOR lost IN SELECT j.* FROM driveshaft.jobs j LEFT JOIN driveshaft.progress p ON p.job = j.id
     WHERE j.state = 'running' AND coalesce(p.lease_until, '-infinity') < clock_timestamp()
       FOR NO KEY UPDATE OF j SKIP LOCKED LOOP
    UPDATE driveshaft.attempts a SET ended_at = clock_timestamp(), error_code = 'WORKER_LOST',
      error_message = 'the worker stopped renewing its lease'
     WHERE a.job = lost.id AND a.ended_at IS NULL;
    IF lost.attempts >= (driveshaft.limits_of(lost.requester)).attempts
       AND NOT EXISTS (SELECT FROM driveshaft.cancellations c WHERE c.job = lost.id) THEN
      PERFORM driveshaft.end_job(lost.id, 'failed', 'WORKER_LOST',
        format('its workers were lost or failed %s times', lost.attempts),
        'See cdb_analysis_attempts(job) and the logs of the workers.');
    ELSE
      UPDATE driveshaft.jobs j SET state = 'pending', token_hash = NULL, sent_at = NULL, retry_at = NULL
        WHERE j.id = lost.id;
    END IF;
  END LOOP;
  PERFORM driveshaft.end_job(j.id, 'canceled', 'CANCELED', 'the job was canceled')
     FROM (SELECT j.id FROM driveshaft.cancellations c JOIN driveshaft.jobs j ON j.id = c.job WHERE j.state = 'pending'
       FOR NO KEY UPDATE OF j SKIP LOCKED) j;
END $$;
