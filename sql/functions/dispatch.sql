-- Jobs whose functions are to be told of them now, the oldest first; they count as told. No more are in flight, told or
-- running, than `most`, or where that is null than the setting `in_flight`.
--
-- A job that was told of and not claimed has lost its event, or its event waits in Lambda's queue behind others; telling
-- again of the second kind would fill that queue with copies. While functions are at work on jobs of the same analysis that
-- were told of no later, the event is taken to wait. Otherwise it is sent again after a while, each time after twice as long;
-- and in any case when it has outlived the queue, which keeps events for six hours.
CREATE OR REPLACE FUNCTION driveshaft.dispatch(protocol integer, worker text, engines text[], most integer, again interval)
RETURNS TABLE (job uuid, analysis text, requester name)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  now CONSTANT timestamptz := clock_timestamp();
  due uuid[];
  flying integer;
BEGIN
  PERFORM driveshaft.note_worker(protocol, worker, '{}');
  PERFORM driveshaft.release_expired();
  -- two at a time would both find the same room; a lock that users cannot take
  PERFORM FROM driveshaft.settings WHERE name = 'engines' FOR UPDATE;
  WITH unfinished AS (
    SELECT j.id, j.created_at, j.state, j.sent_at,
           j.state = 'pending' AND j.origin = driveshaft.origin() AND coalesce(j.retry_at, '-infinity') <= now
             AND j.requester_id = to_regrole(quote_ident(j.requester))
             AND (j.sent_at IS NULL OR j.sent_at <= now - interval '6 hours'
                  OR j.sent_at <= now - again * 2 ^ (least(j.sends, 5) - 1)
                     AND NOT EXISTS (SELECT FROM driveshaft.jobs o WHERE o.state = 'running' AND o.engine = ANY (engines)
                                      AND o.analysis = j.analysis AND o.sent_at <= j.sent_at)) AS is_due
      FROM driveshaft.jobs j WHERE j.engine = ANY (engines) AND j.state IN ('pending', 'running')
  )
  SELECT array_agg(u.id ORDER BY u.created_at) FILTER (WHERE u.is_due),
         count(*) FILTER (WHERE u.state = 'running' OR u.sent_at IS NOT NULL AND NOT u.is_due)
    INTO due, flying FROM unfinished u;
  RETURN QUERY UPDATE driveshaft.jobs j
      SET sent_at = now, sent_error = NULL, sends = CASE WHEN j.sent_at IS NULL THEN 1 ELSE j.sends + 1 END
   WHERE j.id IN (SELECT d.id FROM driveshaft.jobs d WHERE d.id = ANY (due) AND d.state = 'pending'
                   ORDER BY d.created_at FOR UPDATE SKIP LOCKED LIMIT greatest(0, coalesce(most, driveshaft.in_flight()) - flying))
  RETURNING j.id, j.analysis, j.requester;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.dispatch TO :"worker";
