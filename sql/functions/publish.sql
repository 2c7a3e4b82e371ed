-- Marks a job ready, as the last step of the transaction that made its table, and enters that in the catalogue of
-- results. Whoever calls it, the token is the only authority: without it the table goes with the transaction.
CREATE OR REPLACE FUNCTION driveshaft.publish(job uuid, token text, summary jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  done driveshaft.jobs := driveshaft.complete(job, token, summary);
  made oid;
BEGIN
  -- looked up in the catalogue: the owner of this function need not have USAGE of the target's schema
  SELECT c.oid INTO made FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE ARRAY[n.nspname, c.relname]::text[] = parse_ident(done.target) AND c.relowner = done.requester_id;
  IF made IS NULL THEN
    RAISE EXCEPTION USING errcode = 'DS001',
      message = format('%s has no table %s to publish', done.requester, done.target);
  END IF;
  DELETE FROM driveshaft.results r WHERE r.target = done.target OR r.relation = made;
  INSERT INTO driveshaft.results VALUES (made, done.target, done.requester, done.id, done.analysis,
    (summary->>'version')::integer, summary->'parameters', (summary#>>'{parameters,seed}')::bigint, done.query,
      done.path,
    (summary#>>'{rows,read}')::bigint, (summary#>>'{rows,used}')::bigint, (summary#>>'{rows,undefined}')::bigint,
    done.created_at, done.started_at, done.finished_at, done.requester_id);
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.publish TO PUBLIC;
