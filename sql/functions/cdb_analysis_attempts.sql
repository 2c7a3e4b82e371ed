-- The attempts at a job: who tried when, and what went wrong.
CREATE OR REPLACE FUNCTION public.cdb_analysis_attempts(job uuid)
RETURNS TABLE (number integer, worker text, started_at timestamptz, ended_at timestamptz, error_code text,
  error_message text)
LANGUAGE sql STABLE BEGIN ATOMIC
  SELECT a.number, a.worker, a.started_at, a.ended_at, a.error_code, a.error_message
    FROM driveshaft.attempts a WHERE a.job = cdb_analysis_attempts.job ORDER BY a.number;
END;
