-- Asks for an analysis and returns the id of its job. Nothing runs here; an error in the request is raised at once.
CREATE OR REPLACE FUNCTION public.cdb_run_analysis(analysis text, query text, params jsonb DEFAULT '{}',
  target text DEFAULT NULL) RETURNS uuid
LANGUAGE sql BEGIN ATOMIC
  INSERT INTO driveshaft.jobs (analysis, query, params, target)
  VALUES (cdb_run_analysis.analysis, cdb_run_analysis.query, coalesce(cdb_run_analysis.params, '{}'),
    cdb_run_analysis.target)
  RETURNING id;
END;
