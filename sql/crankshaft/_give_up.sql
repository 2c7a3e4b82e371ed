-- Cancels a job that nobody waits for any more, if it was asked for, and ends the connection. Raises nothing: there is
-- an error already.
CREATE OR REPLACE FUNCTION cdb_crankshaft._give_up(link text, job uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  BEGIN
    PERFORM :"dblink".dblink_cancel_query(link);
    PERFORM cdb_crankshaft._drain(link);
    PERFORM cdb_crankshaft._drain(link);
    IF job IS NOT NULL THEN
      PERFORM FROM :"dblink".dblink(link, format('SELECT public.cdb_cancel_analysis(%L)', job)) AS t (canceled boolean);
    END IF;
  EXCEPTION WHEN query_canceled OR OTHERS THEN NULL;
  END;
  BEGIN
    PERFORM :"dblink".dblink_disconnect(link);
  EXCEPTION WHEN query_canceled OR OTHERS THEN NULL;
  END;
END $$;
