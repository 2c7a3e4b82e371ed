-- Checks that a query has the columns that the parameters name, or those with default names; as
-- src/job/choose-columns.ts.
CREATE OR REPLACE FUNCTION driveshaft.check_columns(analysis driveshaft.analyses, params jsonb, names text[], types oid[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  schema jsonb := analysis.parameters;
  kinds jsonb := (SELECT value FROM driveshaft.settings WHERE settings.name = 'column_kinds');
  there text := format('The columns are: %s.', array_to_string(names, ', '));
  parameter text;
  column_kind text;
  wanted text[];
  named boolean;
  place integer;
  base pg_type;
  fits boolean;
  found text[] := '{}';
  id text;
  included text;
  taken text[];
  needs text;
  polygons text;
BEGIN
  -- each parameter that names a column, with the names to try; one that names several stands once for each
  FOR parameter, column_kind, wanted, named, needs IN
    SELECT a.parameter, a.kind, a.names, a.named, a.polygons
      FROM jsonb_each(schema->'properties') e, driveshaft.asked_of(e.key, e.value, params->e.key) WITH ORDINALITY a
      -- with coordinates in two columns nobody looks for another place
     WHERE NOT (e.key = 'geometry' AND params ?| '{x,y}' AND NOT params ? 'geometry')
     ORDER BY a.parameter COLLATE "C", a.ordinality
  LOOP
    IF needs IS NOT NULL THEN
      polygons := coalesce(polygons, needs);
      CONTINUE;
    END IF;
    place := (SELECT min(array_position(wanted, name) * 100000 + i) % 100000 FROM unnest(names) WITH ORDINALITY n (name, i) WHERE name = ANY (wanted));
    IF place IS NULL THEN
      IF named THEN
        PERFORM driveshaft.refuse('MISSING_COLUMN', format('there is no column "%s", which the parameter %s names', wanted[1], parameter), there);
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
        format('the column "%s" is of type %s; %s needs %s', names[place], format_type(types[place], NULL), parameter, kinds->'expected'->>column_kind),
        'Cast it in the query, or name another column.');
    END IF;
    found := found || parameter;
    id := CASE WHEN parameter = 'id' THEN names[place] ELSE id END;
  END LOOP;

  IF NOT 'id' = ANY (found) THEN
    PERFORM driveshaft.refuse('MISSING_COLUMN', format('the query has no id column: there is none of %s',
      (SELECT string_agg(name, ', ') FROM jsonb_array_elements_text(schema#>'{properties,id,defaults}') name)),
      'Name one with the parameter id. ' || there);
  ELSIF ('x' = ANY (found)) <> ('y' = ANY (found)) THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER', format('x and y go together, but only %s is given', CASE WHEN 'x' = ANY (found) THEN 'x' ELSE 'y' END),
      'Name both coordinate columns, or a geometry column.');
  ELSIF NOT found && ARRAY['x', 'geometry'] THEN
    PERFORM driveshaft.refuse('MISSING_COLUMN', format('no column has the places: there is none of %s',
      (SELECT string_agg(name, ', ') FROM jsonb_array_elements_text(schema#>'{properties,geometry,defaults}') name)),
      'Name one with the parameter geometry, or two with x and y. ' || there);
  END IF;

  IF 'x' = ANY (found) AND polygons IS NOT NULL THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER', format('%s needs polygons, but x and y are points', polygons), 'Use {"weights": {"type": "knn", "k": 8}}.');
  END IF;

  PERFORM driveshaft.check_carried(id, types[array_position(names, id)]);

  -- a result of one row has neither ids nor columns of the query
  IF schema->'properties' ? 'include' THEN
    taken := ARRAY(SELECT c->>'name' FROM jsonb_array_elements(analysis.columns) c);
    IF id = ANY (taken) THEN
      PERFORM driveshaft.refuse('INVALID_PARAMETER', format('the id column is called "%s", as is a result column of %s', id, analysis.name),
        'Give it another name in the query, and name that with the parameter id.');
    END IF;
    FOR parameter, included IN
      SELECT 'id', id UNION ALL SELECT 'include', i FROM jsonb_array_elements_text(params->'include') i
    LOOP
      IF NOT included = ANY (names) THEN
        PERFORM driveshaft.refuse('MISSING_COLUMN', format('there is no column "%s", which the parameter include names', included), there);
      ELSIF included = ANY (taken) THEN
        PERFORM driveshaft.refuse('INVALID_PARAMETER', format('include names the column "%s", which the result has already', included),
          'Leave it out, or give it another name in the query.');
      ELSIF included IN ('ctid', 'xmin', 'cmin', 'xmax', 'cmax', 'tableoid') THEN
        PERFORM driveshaft.refuse('INVALID_PARAMETER', format('%s names the column "%s", which every table has of its own', parameter, included),
          'Give it another name in the query.');
      ELSIF (driveshaft.base_type(types[array_position(names, included)])).typtype = 'p' THEN
        PERFORM driveshaft.refuse('WRONG_COLUMN_TYPE', format('the column "%s", which the parameter %s names, is of type %s, which no table can hold',
          included, parameter, format_type(types[array_position(names, included)], NULL)), 'Cast it in the query, such as to text.');
      END IF;
      PERFORM driveshaft.check_carried(included, types[array_position(names, included)]);
      taken := taken || included;
    END LOOP;
    IF cardinality(taken) > 1600 THEN
      PERFORM driveshaft.refuse('INVALID_PARAMETER', format('the result has %s columns, a table at most 1600', cardinality(taken)), 'Include fewer columns.');
    END IF;
  END IF;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.check_columns TO PUBLIC;
