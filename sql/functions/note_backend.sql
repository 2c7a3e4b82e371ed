-- Notes that a backend of the requester's serves an attempt, so that it can be ended should its worker be lost. A
-- worker logs in by the role's name, and says so here before it runs anything: where the name has passed to another
-- role since the claim, this raises.
CREATE OR REPLACE FUNCTION driveshaft.note_backend(job uuid, token text, pid integer, started_at timestamptz)
  RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  held driveshaft.jobs;
BEGIN
  SELECT * INTO held FROM driveshaft.jobs j
   WHERE j.id = note_backend.job AND j.state = 'running'
     AND j.token_hash = sha256(convert_to(note_backend.token, 'UTF8'));
  IF held.id IS NULL THEN
    RETURN;
  ELSIF held.requester_id IS DISTINCT FROM to_regrole(quote_ident(held.requester)) THEN
    RAISE EXCEPTION USING errcode = 'DS001',
      message = format('%s is no longer the role that asked for job %s', held.requester, held.id);
  END IF;
  INSERT INTO driveshaft.backends VALUES (note_backend.pid, note_backend.started_at, held.id, held.attempts)
    ON CONFLICT DO NOTHING;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.note_backend TO :"worker";
