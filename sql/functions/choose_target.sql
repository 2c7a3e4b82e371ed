-- The target of a request, quoted and with its schema; a name made from the job where none is given. As the invoker.
-- One table has one name, which reservations go by, so the settings of the session must not quote it otherwise.
CREATE OR REPLACE FUNCTION driveshaft.choose_target(target text, path text, analysis text, job uuid) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off AS $$
DECLARE
  schemas name[];
  parts text[];
  quoted text;
BEGIN
  PERFORM set_config('search_path', path, true);
  schemas := pg_catalog.current_schemas(false);
  PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);

  IF target IS NULL THEN
    SELECT format('%I.%I', name, format('analysis_%s_%s', analysis, left(job::text, 8))) INTO quoted
      FROM unnest(schemas) WITH ORDINALITY s (name, place) WHERE driveshaft.may_create_in(name) ORDER BY place LIMIT 1;
    IF quoted IS NULL THEN
      PERFORM driveshaft.refuse('TARGET_INVALID',
        format('no schema of the search_path (%s) lets %s create a table', path, current_user),
        'Name a target in a schema where you may create tables.');
    END IF;
    RETURN quoted;
  END IF;

  BEGIN
    parts := parse_ident(target);
  EXCEPTION WHEN invalid_parameter_value THEN
    PERFORM driveshaft.refuse('TARGET_INVALID', format('the target %s is not a table name', quote_literal(target)),
      'Expected a name such as clusters or results.clusters.');
  END;
  IF cardinality(parts) = 1 THEN
    parts := ARRAY[schemas[1]::text] || parts;
  END IF;
  IF cardinality(parts) <> 2 OR parts[1] IS NULL OR octet_length(parts[2]) > 63 THEN
    PERFORM driveshaft.refuse('TARGET_INVALID',
      format('the target %s is not a table name of at most 63 bytes in a schema', quote_literal(target)),
      'Expected a name such as clusters or results.clusters.');
  END IF;
  quoted := format('%I.%I', parts[1], parts[2]);
  IF NOT driveshaft.may_create_in(parts[1]) THEN
    PERFORM driveshaft.refuse('TARGET_INVALID',
      format('%s may not create tables in the schema %s', current_user, parts[1]),
      'Name a target in a schema where you may.');
  END IF;
  RETURN quoted;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.choose_target TO PUBLIC;
