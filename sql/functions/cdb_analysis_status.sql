-- How a job stands; without an argument, all of one's own jobs, the newest first.
CREATE OR REPLACE FUNCTION public.cdb_analysis_status(job uuid DEFAULT NULL)
RETURNS TABLE (
  id uuid, analysis text, state text, phase text, progress double precision, target text,
  error_code text, error_message text, error_hint text, attempts integer, last_error text,
  retry_at timestamptz, created_at timestamptz, started_at timestamptz, finished_at timestamptz,
  summary jsonb
)
LANGUAGE sql STABLE BEGIN ATOMIC
  SELECT j.id, j.analysis, j.state,
         CASE WHEN j.state = 'running' THEN p.phase
              WHEN j.state = 'pending' AND j.engine = 'worker' AND NOT driveshaft.is_served(j.requester)
                THEN 'no worker serves ' || j.requester
              WHEN j.state = 'pending' AND j.retry_at > clock_timestamp() THEN 'waiting to try again'
              WHEN j.state = 'pending' THEN 'waiting' END,
         CASE j.state WHEN 'ready' THEN 1 WHEN 'pending' THEN 0 ELSE coalesce(p.share, 0) END,
         j.target, j.error_code, j.error_message, j.error_hint, j.attempts,
         coalesce(j.sent_error, (SELECT concat(a.error_code, ': ', a.error_message) FROM driveshaft.attempts a
           WHERE a.job = j.id AND a.error_code IS NOT NULL ORDER BY a.number DESC LIMIT 1)),
         j.retry_at, j.created_at, j.started_at, j.finished_at, j.summary
    FROM driveshaft.jobs j LEFT JOIN driveshaft.progress p ON p.job = j.id
   WHERE CASE WHEN cdb_analysis_status.job IS NULL THEN j.requester = current_user
     ELSE j.id = cdb_analysis_status.job END
   ORDER BY j.created_at DESC;
END;
