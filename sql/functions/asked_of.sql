-- What a parameter asks of the rows, at any depth: columns, with the names to try, and what needs polygons, as messages
-- say it. An object's columns have its name before theirs. As src/job/choose-columns.ts.
CREATE OR REPLACE FUNCTION driveshaft.asked_of(asking text, schema jsonb, given jsonb)
RETURNS TABLE (parameter text, kind text, names text[], named boolean, polygons text)
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  branch jsonb;
BEGIN
  IF schema ? 'column' THEN
    RETURN QUERY SELECT asking, schema->>'column', CASE WHEN given IS NULL THEN ARRAY(SELECT jsonb_array_elements_text(schema->'defaults'))
                                                        ELSE ARRAY[given#>>'{}'] END, given IS NOT NULL, NULL::text;
  ELSIF given IS NULL THEN
    RETURN;
  ELSIF schema ? 'items' THEN
    RETURN QUERY SELECT a.* FROM jsonb_array_elements(given) item, driveshaft.asked_of(asking, schema->'items', item) a;
  ELSIF schema ? 'oneOf' THEN
    SELECT value INTO branch FROM jsonb_array_elements(schema->'oneOf') WHERE value#>'{properties,type,const}' = given->'type';
    IF branch ? 'polygons' THEN
      RETURN QUERY SELECT asking, NULL::text, NULL::text[], NULL::boolean, branch->>'polygons';
    END IF;
    RETURN QUERY SELECT a.* FROM jsonb_each(branch->'properties') p,
      driveshaft.asked_of(CASE WHEN p.value ? 'column' THEN asking || '.' || p.key ELSE asking END, p.value, given->p.key) a;
  ELSIF schema->'polygons' ? (given#>>'{}') THEN
    RETURN QUERY SELECT asking, NULL::text, NULL::text[], NULL::boolean, schema->'polygons'->>(given#>>'{}');
  END IF;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.asked_of TO PUBLIC;
