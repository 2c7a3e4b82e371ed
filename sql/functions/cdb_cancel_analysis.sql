-- Cancels a job of one's own. True where there was something to cancel; a running job ends within its worker's next
-- heartbeat.
CREATE OR REPLACE FUNCTION public.cdb_cancel_analysis(job uuid) RETURNS boolean
LANGUAGE sql BEGIN ATOMIC
  WITH unfinished AS (
    SELECT j.id FROM driveshaft.jobs j WHERE j.id = cdb_cancel_analysis.job AND j.state IN ('pending', 'running')
  ), canceled AS (
    INSERT INTO driveshaft.cancellations (job) SELECT u.id FROM unfinished u ON CONFLICT DO NOTHING
  )
  SELECT EXISTS (SELECT FROM unfinished);
END;
