-- Takes the end of an answer, after which the next statement may be sent.
CREATE OR REPLACE FUNCTION cdb_crankshaft._drain(link text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  SELECT FROM :"dblink".dblink_get_result(link, false) AS t (nothing text)
$$;
