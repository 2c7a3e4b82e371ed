-- Takes a job that is due, of the roles that a worker serves; or the given job, which is one for a function, if it is
-- due. Roles take turns, each with its oldest job first. The token that is returned is the only authority over the job
-- from here on; only its hash is kept. Jobs of a role that has lost its name since are left to the sweep.
CREATE OR REPLACE FUNCTION driveshaft.claim(protocol integer, worker text, roles name[], lease interval,
  wanted uuid DEFAULT NULL)
RETURNS TABLE (
  job uuid, token text, requester name, analysis text, query text, params jsonb, target text,
  path text, time_zone text, answer boolean, attempt integer, seconds integer, rows bigint, memory_mb integer
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here CONSTANT text := driveshaft.origin();
  turn name;
  taken driveshaft.jobs;
  allowed driveshaft.limits;
  fresh text := gen_random_uuid()::text || gen_random_uuid()::text;
BEGIN
  PERFORM driveshaft.note_worker(protocol, worker, roles);
  PERFORM driveshaft.release_expired();
  IF wanted IS NULL THEN
    FOR turn IN SELECT * FROM driveshaft.turns(roles) LOOP
      SELECT j.* INTO taken FROM driveshaft.jobs j
       WHERE j.requester = turn AND j.state = 'pending' AND j.engine = 'worker'
         AND coalesce(j.retry_at, '-infinity') <= clock_timestamp()
         AND j.origin = here AND j.requester_id = to_regrole(quote_ident(turn))
       ORDER BY j.created_at FOR NO KEY UPDATE OF j SKIP LOCKED LIMIT 1;
      EXIT WHEN FOUND;
    END LOOP;
  ELSE
    SELECT j.* INTO taken FROM driveshaft.jobs j
     WHERE j.id = wanted AND j.requester = ANY (roles) AND j.state = 'pending' AND j.engine <> 'worker'
       AND coalesce(j.retry_at, '-infinity') <= clock_timestamp() AND j.origin = here
       AND j.requester_id = to_regrole(quote_ident(j.requester))
       FOR NO KEY UPDATE OF j SKIP LOCKED;
  END IF;
  IF taken.id IS NULL THEN
    RETURN;
  END IF;

  UPDATE driveshaft.jobs j SET state = 'running', attempts = j.attempts + 1,
    token_hash = sha256(convert_to(fresh, 'UTF8')),
    started_at = clock_timestamp() WHERE j.id = taken.id;
  INSERT INTO driveshaft.progress AS p (job, lease_until) VALUES (taken.id, clock_timestamp() + lease)
    ON CONFLICT ON CONSTRAINT progress_pkey DO UPDATE SET lease_until = excluded.lease_until, phase = excluded.phase,
      share = excluded.share;
  INSERT INTO driveshaft.attempts (job, number, worker) VALUES (taken.id, taken.attempts + 1, worker);
  allowed := driveshaft.limits_of(taken.requester);
  RETURN QUERY SELECT taken.id, fresh, taken.requester, taken.analysis, taken.query, taken.params, taken.target,
    taken.path, taken.time_zone, taken.answer, taken.attempts + 1, allowed.seconds,
    allowed.rows, allowed.memory_mb;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.claim TO :"worker";
