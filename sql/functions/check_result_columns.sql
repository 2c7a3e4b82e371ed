-- Checks what a result takes from the query beside its own columns: the id, what makes groups, what is included; as
-- src/job/choose-columns.ts.
CREATE OR REPLACE FUNCTION driveshaft.check_result_columns(analysis driveshaft.analyses, params jsonb, names text[],
  types oid[], id text)
RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  there text := format('The columns are: %s.', array_to_string(names, ', '));
  taken text[] := driveshaft.own_columns(analysis, params);
  -- rows that are no rows of the query have neither its ids nor columns of it
  has_id boolean := driveshaft.is_of_output(analysis.parameters#>'{properties,include}', analysis, params);
  parameter text;
  carried text;
  type oid;
BEGIN
  IF has_id AND id = ANY (taken) THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER',
      format('the id column is called "%s", as is a result column of %s', id, analysis.name),
      'Give it another name in the query, and name that with the parameter id.');
  END IF;
  FOR parameter, carried IN
    SELECT 'id', id WHERE has_id AND id IS NOT NULL
    UNION ALL SELECT 'by', b FROM jsonb_array_elements_text(params->'by') b
    UNION ALL SELECT 'include', i FROM jsonb_array_elements_text(params->'include') i WHERE has_id
  LOOP
    IF NOT carried = ANY (names) THEN
      PERFORM driveshaft.refuse('MISSING_COLUMN',
        format('there is no column "%s", which the parameter %s asks for', carried, parameter), there);
    ELSIF carried = ANY (taken) THEN
      PERFORM driveshaft.refuse('INVALID_PARAMETER',
        format('%s names the column "%s", which the result has already', parameter, carried),
        'Leave it out, or give it another name in the query.');
    ELSIF carried IN ('ctid', 'xmin', 'cmin', 'xmax', 'cmax', 'tableoid') THEN
      PERFORM driveshaft.refuse('INVALID_PARAMETER',
        format('%s names the column "%s", which every table has of its own', parameter, carried),
        'Give it another name in the query.');
    END IF;
    type := types[array_position(names, carried)];
    IF (driveshaft.base_type(type)).typtype = 'p' THEN
      PERFORM driveshaft.refuse('WRONG_COLUMN_TYPE',
        format('the column "%s", which the parameter %s asks for, is of type %s, which no table can hold',
        carried, parameter, format_type(type, NULL)), 'Cast it in the query, such as to text.');
    END IF;
    PERFORM driveshaft.check_carried(carried, type);
    taken := taken || carried;
  END LOOP;
  IF cardinality(taken) > 1600 THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER',
      format('the result has %s columns, a table at most 1600', cardinality(taken)), 'Include fewer columns.');
  END IF;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.check_result_columns TO PUBLIC;
