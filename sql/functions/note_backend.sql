-- Notes that a backend of the requester's serves an attempt, so that it can be ended should its worker be lost.
CREATE OR REPLACE FUNCTION driveshaft.note_backend(job uuid, token text, pid integer, started_at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO driveshaft.backends
  SELECT note_backend.pid, note_backend.started_at, j.id, j.attempts FROM driveshaft.jobs j
   WHERE j.id = note_backend.job AND j.state = 'running' AND j.token_hash = sha256(convert_to(note_backend.token, 'UTF8'))
  ON CONFLICT DO NOTHING
$$;
