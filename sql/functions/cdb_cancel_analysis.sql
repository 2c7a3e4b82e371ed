-- Cancels a job of one's own. True where there was something to cancel; a running job ends within its worker's next beat.
CREATE OR REPLACE FUNCTION public.cdb_cancel_analysis(job uuid) RETURNS boolean
LANGUAGE sql BEGIN ATOMIC
  WITH canceled AS (
    UPDATE driveshaft.jobs j SET cancel = true WHERE j.id = cdb_cancel_analysis.job AND j.state IN ('pending', 'running') RETURNING j.id
  )
  SELECT EXISTS (SELECT FROM canceled);
END;
