-- What of a request depends on the query and the parameters alone: analysis, parameters, query, columns. Returns the
-- declaration. As the invoker.
CREATE OR REPLACE FUNCTION driveshaft.check_analysis(analysis text, query text, params jsonb, path text)
  RETURNS driveshaft.analyses
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  declared driveshaft.analyses;
  names text[] := ARRAY(SELECT a.name FROM driveshaft.analyses a ORDER BY a.name);
  columns record;
  further record;
BEGIN
  SELECT * INTO declared FROM driveshaft.analyses a WHERE a.name = analysis;
  IF declared.name IS NULL THEN
    PERFORM driveshaft.refuse('UNKNOWN_ANALYSIS', format('there is no analysis "%s"', analysis),
      coalesce('Did you mean ' || driveshaft.nearest(analysis, names) || '? ', '')
        || format('There are: %s.', array_to_string(names, ', ')));
  END IF;
  PERFORM driveshaft.check_params(declared.parameters, params, analysis || ': params');
  columns := driveshaft.query_columns(query, path);
  PERFORM driveshaft.check_columns(declared, params, columns.names, columns.types);
  FOR further IN
    SELECT a.in_table AS name, a.query
      FROM jsonb_each(declared.parameters->'properties') e, driveshaft.asked_of(e.key, e.value, params->e.key, params) a
     WHERE a.query IS NOT NULL ORDER BY a.in_table COLLATE "C"
  LOOP
    columns := driveshaft.query_columns(further.query, path);
    PERFORM driveshaft.check_columns(declared, params, columns.names, columns.types, further.name);
  END LOOP;
  RETURN declared;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.check_analysis TO PUBLIC;
