-- Names and types of the columns of a query, without running it; as the invoker, in the invoker's search_path.
-- Opening a cursor proves one statement that returns rows; the wraps that never have a row of it tell names and types.
CREATE OR REPLACE FUNCTION driveshaft.query_columns(query text, path text, OUT names text[], OUT types oid[])
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  rows refcursor;
  wrapped text := format('FROM (SELECT) none LEFT JOIN (%s' || E'\n' || ') query ON false', query);
  description json;
  state text;
  message text;
  advice text;
BEGIN
  BEGIN
    -- from here on the invoker's names hold, so ours are written in full
    PERFORM pg_catalog.set_config('search_path', path, true);
    OPEN rows FOR EXECUTE query;
    CLOSE rows;
    EXECUTE pg_catalog.concat('SELECT pg_catalog.row_to_json(one) FROM (SELECT query.* ', wrapped, ') one')
      INTO description;
    PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    names := ARRAY(SELECT json_object_keys(description));
    PERFORM pg_catalog.set_config('search_path', path, true);
    EXECUTE pg_catalog.concat('SELECT ARRAY[',
      (SELECT pg_catalog.string_agg(pg_catalog.format('pg_catalog.pg_typeof(query.%I)', name), ', ')
      FROM pg_catalog.unnest(names) name),
      ']::pg_catalog.oid[] ', wrapped) INTO types;
    PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
  EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, advice = PG_EXCEPTION_HINT;
    PERFORM driveshaft.refuse('INVALID_QUERY',
      pg_catalog.concat('the query fails: ', message, ' (SQLSTATE ', state, ')'),
      CASE WHEN query OPERATOR(pg_catalog.~) ';\s*$'
        THEN 'Leave out the semicolon at the end: give one SELECT statement.'
           -- syntax, or what no cursor can open
           WHEN state IN ('42601', '42P11') THEN 'Give one SELECT statement.'
           ELSE advice END);
  END;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.query_columns TO PUBLIC;
