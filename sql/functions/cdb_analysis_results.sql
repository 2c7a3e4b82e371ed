-- One's own published results and how each came about, the newest first.
CREATE OR REPLACE FUNCTION public.cdb_analysis_results()
RETURNS TABLE (
  target text, analysis text, version integer, parameters jsonb, seed bigint, query text,
  rows_read bigint, rows_used bigint, rows_dropped bigint, job uuid, asked_at timestamptz,
  started_at timestamptz, published_at timestamptz
)
LANGUAGE sql STABLE BEGIN ATOMIC
  SELECT r.target, r.analysis, r.version, r.parameters, r.seed, r.query, r.rows_read, r.rows_used, r.rows_dropped,
    r.job, r.asked_at,
         r.started_at, r.published_at
    FROM driveshaft.results r JOIN pg_catalog.pg_class c ON c.oid = r.relation
   WHERE r.requester = current_user ORDER BY r.published_at DESC;
END;
