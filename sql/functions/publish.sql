-- Marks a job ready, as the last step of the transaction that made its table. Whoever calls it, the token is the only
-- authority: one that is stale, guessed or canceled raises, and the table goes with the transaction.
CREATE OR REPLACE FUNCTION driveshaft.publish(job uuid, token text, summary jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE driveshaft.jobs j SET state = 'ready', token_hash = NULL, finished_at = clock_timestamp(), summary = publish.summary
   WHERE j.id = publish.job AND j.state = 'running' AND NOT j.cancel AND j.token_hash = sha256(convert_to(publish.token, 'UTF8'));
  IF NOT FOUND THEN
    RAISE EXCEPTION USING errcode = 'DS001', message = format('the attempt no longer holds job %s', publish.job);
  END IF;
  UPDATE driveshaft.attempts a SET ended_at = clock_timestamp() WHERE a.job = publish.job AND a.ended_at IS NULL;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.publish(uuid, text, jsonb) TO PUBLIC;
