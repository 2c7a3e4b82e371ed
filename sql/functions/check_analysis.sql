-- What of a request depends on the query and the parameters alone: analysis, parameters, query, columns. Returns the
-- declaration. As the invoker.
CREATE OR REPLACE FUNCTION driveshaft.check_analysis(analysis text, query text, params jsonb, path text) RETURNS driveshaft.analyses
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  declared driveshaft.analyses;
  names text[] := ARRAY(SELECT a.name FROM driveshaft.analyses a ORDER BY a.name);
  columns record;
  pairs text[];
  weight oid;
BEGIN
  SELECT * INTO declared FROM driveshaft.analyses a WHERE a.name = analysis;
  IF declared.name IS NULL THEN
    PERFORM driveshaft.refuse('UNKNOWN_ANALYSIS', format('there is no analysis "%s"', analysis),
      coalesce('Did you mean ' || driveshaft.nearest(analysis, names) || '? ', '') || format('There are: %s.', array_to_string(names, ', ')));
  END IF;
  PERFORM driveshaft.check_params(declared.parameters, params, analysis || ': params');
  columns := driveshaft.query_columns(query, path);
  PERFORM driveshaft.check_columns(declared, params, columns.names, columns.types);
  IF params#>>'{weights,type}' = 'query' THEN
    columns := driveshaft.query_columns(params#>>'{weights,query}', path);
    pairs := columns.names;
    IF NOT pairs @> ARRAY['focal', 'neighbor'] THEN
      PERFORM driveshaft.refuse('MISSING_COLUMN', 'the query of the weights has no columns focal and neighbor',
        format('Its columns are: %s.', array_to_string(pairs, ', ')));
    END IF;
    weight := columns.types[array_position(pairs, 'weight')];
    IF weight IS NOT NULL AND NOT coalesce((SELECT value#>ARRAY['types', (driveshaft.base_type(weight)).oid::text] FROM driveshaft.settings WHERE name = 'column_kinds'), '[]') ? 'number' THEN
      PERFORM driveshaft.refuse('WRONG_COLUMN_TYPE', format('the column weight of the weights is of type %s, expected a number', format_type(weight, NULL)),
        'Cast it in the query, or leave it out.');
    END IF;
  END IF;
  RETURN declared;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.check_analysis TO PUBLIC;
