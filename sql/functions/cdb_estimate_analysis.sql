-- What an analysis would take, without running it: rows as the planner expects them, or counted where `exact` says so;
-- seconds and memory as measured on another machine; the price of a run on AWS Lambda. Where the analysis was not
-- calibrated, only the rows, and a notice. As the invoker, in the invoker's search_path.
CREATE OR REPLACE FUNCTION public.cdb_estimate_analysis(analysis text, query text, params jsonb DEFAULT '{}',
  exact boolean DEFAULT false,
  OUT rows bigint, OUT seconds double precision, OUT memory_mb integer, OUT lambda_usd double precision,
  OUT lambda_fits boolean)
LANGUAGE plpgsql AS $$
DECLARE
  declared driveshaft.analyses;
  plan pg_catalog.json;
BEGIN
  params := coalesce(params, '{}');
  declared := driveshaft.check_analysis(analysis, query, params, pg_catalog.current_setting('search_path'));
  IF exact THEN
    EXECUTE pg_catalog.concat('SELECT pg_catalog.count(*) FROM (', query, E'\n) query') INTO rows;
  ELSE
    EXECUTE pg_catalog.concat('EXPLAIN (FORMAT JSON) SELECT * FROM (', query, E'\n) query') INTO plan;
    rows := plan OPERATOR(pg_catalog.#>>) '{0,Plan,Plan Rows}';
  END IF;
  SELECT e.seconds, e.memory_mb, e.lambda_usd, e.lambda_fits INTO seconds, memory_mb, lambda_usd, lambda_fits
    FROM driveshaft.evaluate(declared, params, rows) e;
  IF seconds IS NULL THEN
    RAISE NOTICE USING message = pg_catalog.format('the time and memory of %s are not known: it was not calibrated',
      analysis);
  END IF;
END $$;
