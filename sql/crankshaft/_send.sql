-- Sends a statement and waits for its answer in short sleeps, which an interruption ends.
CREATE OR REPLACE FUNCTION cdb_crankshaft._send(link text, statement text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM :"dblink".dblink_send_query(link, statement);
  WHILE :"dblink".dblink_is_busy(link) = 1 LOOP
    PERFORM pg_sleep(0.001);
  END LOOP;
END $$;
