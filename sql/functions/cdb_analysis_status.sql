-- How a job stands; without an argument, all of one's own jobs, the newest first.
CREATE OR REPLACE FUNCTION public.cdb_analysis_status(job uuid DEFAULT NULL)
RETURNS TABLE (id uuid, analysis text, state text, phase text, progress double precision, target text, error_code text, error_message text,
  error_hint text, created_at timestamptz, started_at timestamptz, finished_at timestamptz, summary jsonb)
LANGUAGE sql STABLE BEGIN ATOMIC
  SELECT j.id, j.analysis, j.state, CASE WHEN j.state = 'running' THEN p.phase END,
         CASE j.state WHEN 'ready' THEN 1 ELSE coalesce(p.share, 0) END,
         j.target, j.error_code, j.error_message, j.error_hint, j.created_at, j.started_at, j.finished_at, j.summary
    FROM driveshaft.jobs j LEFT JOIN driveshaft.progress p ON p.job = j.id
   WHERE cdb_analysis_status.job IS NULL OR j.id = cdb_analysis_status.job
   ORDER BY j.created_at DESC;
END;
