-- The state of a job; null where there is none. For workers, who see no rows.
CREATE OR REPLACE FUNCTION driveshaft.job_state(job uuid, OUT state text, OUT error_code text, OUT error_message text,
  OUT error_hint text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT j.state, j.error_code, j.error_message, j.error_hint FROM driveshaft.jobs j WHERE j.id = job_state.job
$$;

GRANT EXECUTE ON FUNCTION driveshaft.job_state TO :"worker";
