-- Checks a value against the part of JSON Schema that declarations keep to; `at` is the path that messages show.
CREATE OR REPLACE FUNCTION driveshaft.check_params(schema jsonb, given jsonb, at text) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  kind text := schema->>'type';
  branch jsonb;
  names text[];
  name text;
  number float8;
  item jsonb;
  place bigint;
  other text;
  most text;
  highest float8;
BEGIN
  IF schema ? 'oneOf' THEN
    SELECT b INTO branch FROM jsonb_array_elements(schema->'oneOf') b
      WHERE b#>'{properties,type,const}' = given->'type';
    IF branch IS NULL THEN
      PERFORM driveshaft.refuse('INVALID_PARAMETER', format('%s is %s', at, given),
        format('Expected an object with type %s.',
        (SELECT string_agg(b#>>'{properties,type,const}', ', ') FROM jsonb_array_elements(schema->'oneOf') b)));
    END IF;
    PERFORM driveshaft.check_params(branch, given, at);
    RETURN;
  END IF;

  IF schema ? 'anyOf' THEN
    SELECT b INTO branch FROM jsonb_array_elements(schema->'anyOf') b
      WHERE CASE b->>'type' WHEN 'integer' THEN 'number' ELSE b->>'type' END = jsonb_typeof(given);
    IF branch IS NULL THEN
      PERFORM driveshaft.refuse('INVALID_PARAMETER', format('%s is %s, of type %s', at, given, jsonb_typeof(given)),
        format('Expected %s: %s.', (SELECT string_agg(b->>'type', ' or ') FROM jsonb_array_elements(schema->'anyOf') b),
        schema->>'description'));
    END IF;
    PERFORM driveshaft.check_params(branch, given, at);
    RETURN;
  END IF;

  IF jsonb_typeof(given) = 'number' THEN
    -- as JSON.parse reads it: what no double can hold is infinite, or 0
    number := CASE WHEN abs(given::numeric) >= 1.797693134862315808e308
      THEN 'Infinity'::float8 * sign(given::numeric)::float8
                   WHEN abs(given::numeric) < 2.4703282292062328e-324 THEN 0 ELSE given::numeric END;
  END IF;
  IF NOT (jsonb_typeof(given) = kind OR kind = 'integer'
    AND coalesce(number = trunc(number) AND abs(number) < 'Infinity', false)) THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER', format('%s is %s, of type %s', at, given, jsonb_typeof(given)),
      format('Expected %s: %s.', kind, schema->>'description'));
  END IF;
  IF schema ? 'const' AND schema->'const' <> given OR schema ? 'enum' AND NOT schema->'enum' @> given THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER', format('%s is %s', at, given),
      format('Expected one of %s.', coalesce(schema->>'enum', schema->>'const')));
  END IF;

  IF jsonb_typeof(given) = 'number' THEN
    IF number < (schema->>'minimum')::float8 OR number > (schema->>'maximum')::float8
       OR number <= (schema->>'exclusiveMinimum')::float8 OR number >= (schema->>'exclusiveMaximum')::float8 THEN
      PERFORM driveshaft.refuse('INVALID_PARAMETER', format('%s is %s', at, given), format('Expected %s: %s.',
        CASE WHEN schema ? 'minimum' THEN format('%s to %s', schema->>'minimum', schema->>'maximum')
             ELSE format('a number between %s and %s', schema->>'exclusiveMinimum', schema->>'exclusiveMaximum') END,
        schema->>'description'));
    END IF;
  ELSIF kind = 'string' AND length(given#>>'{}') < (schema->>'minLength')::integer THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER', format('%s is empty', at),
      format('Expected: %s.', schema->>'description'));
  ELSIF kind = 'array' THEN
    IF jsonb_array_length(given) NOT BETWEEN coalesce((schema->>'minItems')::integer, 0)
      AND coalesce((schema->>'maxItems')::integer, 2147483647) THEN
      PERFORM driveshaft.refuse('INVALID_PARAMETER', format('%s has %s elements', at, jsonb_array_length(given)),
        format('Expected %s to %s: %s.', schema->>'minItems', schema->>'maxItems', schema->>'description'));
    END IF;
    FOR item, place IN SELECT * FROM jsonb_array_elements(given) WITH ORDINALITY LOOP
      PERFORM driveshaft.check_params(schema->'items', item, format('%s[%s]', at, place - 1));
    END LOOP;
    IF schema->'uniqueItems' = 'true' THEN
      FOR item IN SELECT i FROM jsonb_array_elements(given) WITH ORDINALITY t (i, place)
        GROUP BY i HAVING count(*) > 1 ORDER BY min(t.place) LOOP
        PERFORM driveshaft.refuse('INVALID_PARAMETER', format('%s has %s twice', at, item),
          format('Expected each once: %s.', schema->>'description'));
      END LOOP;
    END IF;
  ELSIF kind = 'object' THEN
    names := ARRAY(SELECT jsonb_object_keys(schema->'properties'));
    -- unknown names first: a mistyped one is why another is missing
    FOR name IN SELECT key FROM jsonb_object_keys(given) key WHERE NOT key = ANY (names) ORDER BY key COLLATE "C" LOOP
      PERFORM driveshaft.refuse('UNKNOWN_PARAMETER', format('%s has no parameter "%s"', at, name),
        coalesce('Did you mean ' || driveshaft.nearest(name, names) || '? ', '')
          || format('Expected: %s.', array_to_string(names, ', ')));
    END LOOP;
    FOR name IN SELECT key FROM jsonb_object_keys(given) key ORDER BY key COLLATE "C" LOOP
      PERFORM driveshaft.check_params(schema->'properties'->name, given->name, at || '.' || name);
    END LOOP;
    FOR name IN SELECT jsonb_array_elements_text(schema->'required') LOOP
      IF NOT given ? name THEN
        PERFORM driveshaft.refuse('INVALID_PARAMETER', format('%s.%s is missing', at, name),
          format('Expected: %s.', schema->'properties'->name->>'description'));
      END IF;
    END LOOP;
    FOR name, other IN SELECT key, value->>'or' FROM jsonb_each(schema->'properties') WHERE value ? 'or' LOOP
      IF given ?& ARRAY[name, other] THEN
        PERFORM driveshaft.refuse('INVALID_PARAMETER', format('%1$s.%2$s and %1$s.%3$s are both given', at, name, other),
          'Leave one of them out.');
      ELSIF schema#>ARRAY['properties', name, 'needed'] = 'true' AND NOT given ?| ARRAY[name, other] THEN
        PERFORM driveshaft.refuse('INVALID_PARAMETER', format('%s.%s is missing', at, name),
          format('Expected: %s; or several in %s.', schema->'properties'->name->>'description', other));
      END IF;
    END LOOP;
    FOR name, other IN SELECT key, value->>'output' FROM jsonb_each(schema->'properties') WHERE value ? 'output' LOOP
      IF given ? name AND coalesce(given->>'output', schema#>>'{properties,output,default}') <> other THEN
        PERFORM driveshaft.refuse('INVALID_PARAMETER', format('%s.%s goes with output "%s" only', at, name, other),
          'Leave it out, or ask for that output.');
      END IF;
    END LOOP;
    FOR name, other IN SELECT key, value->>'without' FROM jsonb_each(schema->'properties') WHERE value ? 'without' LOOP
      IF given ?& ARRAY[name, other] THEN
        PERFORM driveshaft.refuse('INVALID_PARAMETER', format('%s.%s goes without %s only', at, name, other),
          'Leave one of them out.');
      END IF;
    END LOOP;
    FOR name, most IN SELECT key, value->>'atMost' FROM jsonb_each(schema->'properties') WHERE value ? 'atMost' LOOP
      number := coalesce(given->name, schema#>ARRAY['properties', name, 'default']);
      highest := coalesce(given->most, schema#>ARRAY['properties', most, 'default']);
      IF number > highest THEN
        PERFORM driveshaft.refuse('INVALID_PARAMETER',
          format('%s.%s is %s, more than %s, which is %s', at, name, number, most, highest),
          format('Expected: %s.', schema->'properties'->name->>'description'));
      END IF;
    END LOOP;
  END IF;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.check_params TO PUBLIC;
