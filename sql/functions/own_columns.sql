-- The names of the columns that an analysis' own result has with these parameters; as src/job/choose-columns.ts.
-- One of many variables has a column that says which. Refuses two that are alike, and one that the server would cut.
CREATE OR REPLACE FUNCTION driveshaft.own_columns(analysis driveshaft.analyses, params jsonb) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  own text[] := CASE WHEN analysis.parameters#>'{properties,value}' ? 'or' AND params ? 'values' THEN '{variable}'
                     ELSE '{}' END;
  name text;
BEGIN
  FOR name IN
    -- of a column that there is one of for each element of a parameter, all
    SELECT concat_ws('_', c->>'name', element)
      FROM jsonb_array_elements(analysis.columns) WITH ORDINALITY declared (c, place)
      LEFT JOIN jsonb_array_elements_text(params->(c->>'each')) WITH ORDINALITY elements (element, number) ON true
     WHERE (NOT c ? 'each' OR element IS NOT NULL) AND driveshaft.is_of_output(c, analysis, params)
     ORDER BY place, number
  LOOP
    IF name = ANY (own) THEN
      PERFORM driveshaft.refuse('INVALID_PARAMETER',
        format('two result columns of %s would be called "%s"', analysis.name, name),
        'Name each column once, or give one another name in the query.');
    ELSIF octet_length(name) > 63 THEN
      PERFORM driveshaft.refuse('INVALID_PARAMETER',
        format('the result column "%s" would have a name of %s bytes, at most 63', name, octet_length(name)),
        'Give a column a shorter name in the query.');
    END IF;
    own := own || name;
  END LOOP;
  RETURN own;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.own_columns TO PUBLIC;
