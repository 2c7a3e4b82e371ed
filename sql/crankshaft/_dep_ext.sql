-- An analysis as camshaft's node deprecated-sql-function calls it, twice: to `create` the table of its result, and to
-- `populate` it. The table has the columns of the source, then those of the result; rows are told apart by cartodb_id.
CREATE OR REPLACE FUNCTION cdb_crankshaft._dep_ext(analysis text, operation text, table_name text, query text,
  columns text[], params jsonb, path text DEFAULT current_setting('search_path')) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  target CONSTANT text := (SELECT string_agg(quote_ident(part), '.') FROM unnest(parse_ident(table_name)) part);
  asked CONSTANT jsonb := params || '{"id": "cartodb_id"}';
  own text[];
  kept text;
BEGIN
  own := ARRAY(SELECT name FROM cdb_crankshaft._result_columns(analysis, asked));
  -- camshaft makes the_geom_webmercator itself
  kept := (SELECT string_agg(format('q.%I', name), ', ')
             FROM unnest(columns) name WHERE name <> ALL (own || ARRAY['the_geom_webmercator']));
  PERFORM set_config('search_path', path, true);
  IF operation OPERATOR(pg_catalog.=) 'create' THEN
    EXECUTE pg_catalog.format(E'CREATE TABLE %s AS SELECT %s%s FROM (%s\n) q LIMIT 0', target, kept,
      (SELECT pg_catalog.string_agg(pg_catalog.format(', NULL::%s AS %I', type, name), '')
         FROM cdb_crankshaft._result_columns(analysis, asked)), query);
  ELSIF operation OPERATOR(pg_catalog.=) 'populate' THEN
    EXECUTE pg_catalog.format(E'INSERT INTO %s SELECT %s%s FROM (%s\n) q LEFT JOIN (
        SELECT r.* FROM cdb_crankshaft._ask($1, $2, $3) a, pg_catalog.jsonb_to_record(a.answer) AS r (cartodb_id text%s)
      ) r ON r.cartodb_id OPERATOR(pg_catalog.=) q.cartodb_id::pg_catalog.text', target, kept,
      (SELECT pg_catalog.string_agg(pg_catalog.format(', r.%I', name), '')
         FROM cdb_crankshaft._result_columns(analysis, asked)), query,
      (SELECT pg_catalog.string_agg(pg_catalog.format(', %I %s', name, type), '')
         FROM cdb_crankshaft._result_columns(analysis, asked)))
      USING analysis, query, asked;
  ELSE
    PERFORM driveshaft.refuse('INVALID_PARAMETER', pg_catalog.format('the operation is %L', operation),
      'Expected create or populate.');
  END IF;
  PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
END $$;
