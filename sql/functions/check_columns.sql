-- Checks that a query, or that of a further table, has the columns that the parameters name, or those with default
-- names; as src/job/choose-columns.ts.
CREATE OR REPLACE FUNCTION driveshaft.check_columns(analysis driveshaft.analyses, params jsonb, names text[],
  types oid[], of_table text DEFAULT '')
RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  -- of the result that is asked for
  properties jsonb := (SELECT jsonb_object_agg(key, value) FROM jsonb_each(analysis.parameters->'properties')
    WHERE driveshaft.is_of_output(value, analysis, params));
  prefix text := CASE WHEN of_table = '' THEN '' ELSE of_table || '_' END;
  kinds jsonb := (SELECT value FROM driveshaft.settings WHERE settings.name = 'column_kinds');
  there text := format('The columns are: %s.', array_to_string(names, ', '));
  asked jsonb;
  pair boolean;
  parameter text;
  column_kind text;
  wanted text[];
  named boolean;
  place integer;
  base pg_type;
  fits boolean;
  found text[] := '{}';
  id text;
  repeated text;
  carried text;
  needs text;
  polygons text;
  property jsonb;
  placeless boolean;
BEGIN
  -- each parameter that names a column, with the names to try; one that names several stands once for each
  asked := (SELECT coalesce(jsonb_agg(to_jsonb(a) ORDER BY a.parameter COLLATE "C", a.ordinality), '[]')
              FROM jsonb_each(properties) e,
                driveshaft.asked_of(e.key, e.value, params->e.key, params) WITH ORDINALITY a
             WHERE a.in_table = of_table AND a.query IS NULL);
  -- with coordinates in two columns nobody looks for another place; names that the query's have count where both are
  -- there
  pair := (SELECT coalesce(bool_or((a->>'named')::boolean), false) OR count(*) FILTER (WHERE a->'names' ?| names) = 2
             FROM jsonb_array_elements(asked) a WHERE a->>'parameter' IN (prefix || 'x', prefix || 'y'));
  FOR parameter, column_kind, wanted, named, needs IN
    SELECT a->>'parameter', a->>'kind', ARRAY(SELECT jsonb_array_elements_text(nullif(a->'names', 'null'))),
      (a->>'named')::boolean, a->>'polygons'
      FROM jsonb_array_elements(asked) WITH ORDINALITY t (a, place)
     WHERE (a->>'named')::boolean IS NOT FALSE
        OR NOT a->>'parameter' = ANY (CASE WHEN pair THEN ARRAY[prefix || 'geometry']
          ELSE ARRAY[prefix || 'x', prefix || 'y'] END)
     ORDER BY t.place
  LOOP
    IF needs IS NOT NULL THEN
      polygons := coalesce(polygons, needs);
      CONTINUE;
    END IF;
    place := (SELECT min(array_position(wanted, name) * 100000 + i) % 100000
      FROM unnest(names) WITH ORDINALITY n (name, i) WHERE name = ANY (wanted));
    IF place IS NULL THEN
      IF named THEN
        PERFORM driveshaft.refuse('MISSING_COLUMN',
          format('there is no column "%s", which the parameter %s asks for', wanted[1], parameter), there);
      END IF;
      CONTINUE;
    END IF;
    -- a domain is sent as what it is made of
    base := driveshaft.base_type(types[place]);
    fits := CASE column_kind
              WHEN 'id' THEN driveshaft.is_key_type(base)
              WHEN 'label' THEN true
              ELSE coalesce(kinds->'types'->(base.oid::text), kinds->'named'->(base.typname::text), '[]') ? column_kind
            END;
    IF NOT fits THEN
      PERFORM driveshaft.refuse('WRONG_COLUMN_TYPE',
        format('the column "%s" is of type %s; %s needs %s', names[place], format_type(types[place], NULL), parameter,
          kinds->'expected'->>column_kind),
        'Cast it in the query, or name another column.');
    END IF;
    found := found || parameter;
    id := CASE WHEN parameter = prefix || 'id' THEN names[place] ELSE id END;
    repeated := CASE WHEN properties#>ARRAY[parameter, 'repeats'] = 'true' THEN names[place] ELSE repeated END;
  END LOOP;

  property := properties->(prefix || 'id');
  IF id IS NULL AND property->'needed' = 'true' THEN
    PERFORM driveshaft.refuse('MISSING_COLUMN', format('%s has no id column: there is none of %s',
      CASE of_table WHEN '' THEN 'the query' ELSE 'the table ' || of_table END,
      (SELECT string_agg(name, ', ') FROM jsonb_array_elements_text(property->'defaults') name)),
      format('Name one with the parameter %sid. ', prefix) || there);
  ELSIF (prefix || 'x' = ANY (found)) <> (prefix || 'y' = ANY (found)) THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER',
      format('%1$sx and %1$sy go together, but only %1$s%2$s is given', prefix,
      CASE WHEN prefix || 'x' = ANY (found) THEN 'x' ELSE 'y' END),
        'Name both coordinate columns, or a geometry column.');
  END IF;
  property := properties->(prefix || 'geometry');
  placeless := of_table = '' AND EXISTS (SELECT FROM jsonb_each(properties) e, jsonb_array_elements(e.value->'oneOf') b
    WHERE b->'placeless' = 'true' AND b#>'{properties,type,const}' = params->e.key->'type');
  IF property IS NOT NULL AND NOT placeless AND NOT found && ARRAY[prefix || 'x', prefix || 'geometry'] THEN
    PERFORM driveshaft.refuse('MISSING_COLUMN', format('no column has the places: there is none of %s',
      (SELECT string_agg(name, ', ') FROM jsonb_array_elements_text(property->'defaults') name)),
      format('Name one with the parameter %sgeometry', prefix)
        || CASE WHEN properties ? (prefix || 'x') THEN format(', or two with %1$sx and %1$sy', prefix) ELSE '' END
          || '. ' || there);
  END IF;

  IF prefix || 'x' = ANY (found) AND polygons IS NOT NULL THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER', format('%s needs polygons, but x and y are points', polygons),
      'Use {"weights": {"type": "knn", "k": 8}}.');
  END IF;

  -- the result has ids as they are, also those of what rows are of
  FOREACH carried IN ARRAY array_remove(ARRAY[id, repeated], NULL) LOOP
    PERFORM driveshaft.check_carried(carried, types[array_position(names, carried)]);
  END LOOP;
  IF of_table = '' THEN
    PERFORM driveshaft.check_result_columns(analysis, params, names, types, id);
  ELSIF properties#>ARRAY[prefix || 'id', 'identifies'] = 'true'
        AND id = ANY (driveshaft.own_columns(analysis, params) || ARRAY(SELECT jsonb_array_elements_text(params->'by')))
  THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER',
      format('the id column of %s is called "%s", as is a result column of %s', of_table, id, analysis.name),
      format('Give it another name in the query, and name that with the parameter %sid.', prefix));
  END IF;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.check_columns TO PUBLIC;
