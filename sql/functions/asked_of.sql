-- What a parameter asks for, at any depth: columns, with the names to try; what needs polygons, as messages say it; and
-- further tables, with their queries. An object's columns have its name before theirs; in_table is the table
-- that has them, empty for the query. As src/job/asked.ts.
CREATE OR REPLACE FUNCTION driveshaft.asked_of(asking text, schema jsonb, given jsonb, params jsonb,
  root text DEFAULT '')
RETURNS TABLE (parameter text, in_table text, kind text, names text[], named boolean, polygons text, query text)
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  branch jsonb;
BEGIN
  root := coalesce(schema->>'of', root);
  IF schema ? 'items' AND given IS NULL THEN
    given := params->(schema->>'like');
  END IF;
  IF schema ? 'column' THEN
    RETURN QUERY SELECT asking, root, schema->>'column',
      CASE WHEN given IS NOT NULL THEN ARRAY[given#>>'{}']
           ELSE array_remove(ARRAY[params->>(schema->>'like')], NULL)
             || ARRAY(SELECT jsonb_array_elements_text(schema->'defaults')) END,
      given IS NOT NULL, NULL::text, NULL::text;
  ELSIF given IS NULL THEN
    RETURN;
  ELSIF schema ? 'table' THEN
    root := split_part(asking, '.', 1);
    RETURN QUERY SELECT asking, root, NULL::text, NULL::text[], NULL::boolean, NULL::text, given#>>'{}';
    RETURN QUERY SELECT asking, root, c.value, ARRAY[c.key], true, NULL::text, NULL::text
      FROM jsonb_each_text(schema#>'{table,needed}') c;
    RETURN QUERY SELECT asking, root, c.value, ARRAY[c.key], false, NULL::text, NULL::text
      FROM jsonb_each_text(schema#>'{table,optional}') c;
  ELSIF schema ? 'items' THEN
    RETURN QUERY SELECT a.* FROM jsonb_array_elements(given) item,
      driveshaft.asked_of(asking, schema->'items', item, params, root) a;
  ELSIF schema ? 'oneOf' THEN
    SELECT value INTO branch FROM jsonb_array_elements(schema->'oneOf')
      WHERE value#>'{properties,type,const}' = given->'type';
    IF branch ? 'polygons' THEN
      RETURN QUERY SELECT asking, '', NULL::text, NULL::text[], NULL::boolean, branch->>'polygons', NULL::text;
    END IF;
    RETURN QUERY SELECT a.* FROM jsonb_each(branch->'properties') p,
      driveshaft.asked_of(CASE WHEN p.value ?| '{column,table}' THEN asking || '.' || p.key ELSE asking END, p.value,
        given->p.key, params, root) a;
  ELSIF schema->'polygons' ? (given#>>'{}') THEN
    RETURN QUERY SELECT asking, '', NULL::text, NULL::text[], NULL::boolean, schema->'polygons'->>(given#>>'{}'),
      NULL::text;
  END IF;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.asked_of TO PUBLIC;
