-- Jobs whose functions are to be told of them now, the oldest first; they count as told. One that no function claimed is told
-- again after a while. No more are in flight, told or running, than `most`.
CREATE OR REPLACE FUNCTION driveshaft.dispatch(protocol integer, worker text, engines text[], most integer, again interval)
RETURNS TABLE (job uuid, analysis text, requester name)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  now CONSTANT timestamptz := clock_timestamp();
  flying integer;
BEGIN
  PERFORM driveshaft.greet(protocol, worker, '{}');
  PERFORM driveshaft.release_expired();
  -- two at a time would both find the same room; a lock that users cannot take
  PERFORM FROM driveshaft.settings WHERE name = 'engines' FOR UPDATE;
  SELECT count(*) INTO flying FROM driveshaft.jobs j
   WHERE j.engine = ANY (engines) AND (j.state = 'running' OR j.state = 'pending' AND j.sent_at > now - again);
  RETURN QUERY UPDATE driveshaft.jobs j SET sent_at = now, sent_error = NULL
   WHERE j.id IN (SELECT d.id FROM driveshaft.jobs d
                   WHERE d.state = 'pending' AND d.engine = ANY (engines) AND coalesce(d.retry_at, '-infinity') <= now
                     AND coalesce(d.sent_at, '-infinity') <= now - again AND d.origin = driveshaft.origin()
                   ORDER BY d.created_at FOR UPDATE SKIP LOCKED LIMIT greatest(0, most - flying))
  RETURNING j.id, j.analysis, j.requester;
END $$;
