-- Asks for an analysis and waits for its end. An interrupted wait (statement_timeout, Ctrl-C) cancels the job.
-- It commits to see the worker's progress, so it cannot stand in a transaction block, and has no SET clause.
CREATE OR REPLACE PROCEDURE public.cdb_run_analysis_and_wait(analysis text, query text, params jsonb DEFAULT '{}',
  target text DEFAULT NULL,
  INOUT job uuid DEFAULT NULL, INOUT state text DEFAULT NULL)
LANGUAGE plpgsql AS $$
DECLARE
  interrupted boolean := false;
  failure record;
BEGIN
  -- inside a transaction block this raises "invalid transaction termination", before anything is asked for
  COMMIT;
  job := public.cdb_run_analysis(analysis, query, params, target);
  COMMIT;
  LOOP
    SELECT j.state, j.error_code, j.error_message, j.error_hint INTO failure FROM driveshaft.jobs j
      WHERE j.id OPERATOR(pg_catalog.=) job;
    state := failure.state;
    EXIT WHEN state OPERATOR(pg_catalog.=) ANY (ARRAY['ready', 'failed', 'canceled']);
    COMMIT;
    -- only the sleep is guarded: an interruption anywhere else ends the call as usual
    BEGIN
      PERFORM pg_catalog.pg_sleep(0.05);
    EXCEPTION WHEN query_canceled THEN
      interrupted := true;
    END;
    IF interrupted THEN
      PERFORM public.cdb_cancel_analysis(job);
      COMMIT;
      RAISE EXCEPTION USING errcode = '57014',
        message = pg_catalog.format('the wait for job %s was interrupted, and the job canceled', job);
    END IF;
  END LOOP;
  IF state OPERATOR(pg_catalog.<>) 'ready' THEN
    RAISE EXCEPTION USING errcode = 'DS000',
      message = pg_catalog.concat(failure.error_code, ': ', failure.error_message),
      hint = coalesce(failure.error_hint, '');
  END IF;
END $$;
