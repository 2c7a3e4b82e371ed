-- Whether there is such a column or parameter in the result that is asked for, where an analysis has several; as
-- withOutput() in src/analyses/analysis.ts.
CREATE OR REPLACE FUNCTION driveshaft.is_of_output(declared jsonb, analysis driveshaft.analyses, params jsonb)
  RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN declared ? 'output' THEN
           declared->>'output' = coalesce(params->>'output', analysis.parameters#>>'{properties,output,default}')
         WHEN declared ? 'without' THEN NOT params ? (declared->>'without')
         ELSE declared IS NOT NULL END;
$$;

GRANT EXECUTE ON FUNCTION driveshaft.is_of_output TO PUBLIC;
