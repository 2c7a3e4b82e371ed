-- Marks a job ready, as the last step of the transaction that made its table, and enters that in the catalogue of results.
-- Whoever calls it, the token is the only authority: one that is stale, guessed or canceled raises, and the table goes with
-- the transaction.
CREATE OR REPLACE FUNCTION driveshaft.publish(job uuid, token text, summary jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  done driveshaft.jobs;
BEGIN
  UPDATE driveshaft.jobs j SET state = 'ready', token_hash = NULL, finished_at = clock_timestamp(), summary = publish.summary
   WHERE j.id = publish.job AND j.state = 'running' AND NOT j.cancel AND j.token_hash = sha256(convert_to(publish.token, 'UTF8'))
  RETURNING * INTO done;
  IF done.id IS NULL THEN
    RAISE EXCEPTION USING errcode = 'DS001', message = format('the attempt no longer holds job %s', publish.job);
  END IF;
  UPDATE driveshaft.attempts a SET ended_at = clock_timestamp() WHERE a.job = done.id AND a.ended_at IS NULL;
  DELETE FROM driveshaft.backends b WHERE b.job = done.id;
  DELETE FROM driveshaft.results r WHERE r.target = done.target OR r.relation = to_regclass(done.target);
  INSERT INTO driveshaft.results VALUES (to_regclass(done.target), done.target, done.requester, done.id, done.analysis,
    (summary->>'version')::integer, summary->'parameters', (summary#>>'{parameters,seed}')::bigint, done.query, done.path,
    (summary#>>'{rows,read}')::bigint, (summary#>>'{rows,used}')::bigint, (summary#>>'{rows,undefined}')::bigint,
    done.created_at, done.started_at, done.finished_at);
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.publish(uuid, text, jsonb) TO PUBLIC;
