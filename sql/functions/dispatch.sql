-- Jobs whose functions are to be told of them now; they count as told. Roles take turns as they do at workers, each
-- with its oldest job first: the next is of the role that has the fewest in flight, told or running. No more are in
-- flight than `most`, or where that is null than the setting `in_flight`.
--
-- A job that was told of and not claimed has lost its event, or its event waits in Lambda's queue behind others;
-- telling again of the second kind would fill that queue with copies. While functions are at work on jobs of the same
-- analysis that were told of no later, the event is taken to wait. Otherwise it is sent again after a while, each time
-- after twice as long; and in any case when it has outlived the queue, which keeps events for six hours.
CREATE OR REPLACE FUNCTION driveshaft.dispatch(protocol integer, worker text, engines text[], most integer,
  again interval)
RETURNS TABLE (job uuid, analysis text, requester name)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  now CONSTANT timestamptz := clock_timestamp();
  here CONSTANT text := driveshaft.origin();
  due uuid[];
  flying integer;
BEGIN
  PERFORM driveshaft.note_worker(protocol, worker, '{}');
  PERFORM driveshaft.release_expired();
  -- two at a time would both find the same room; a lock that users cannot take
  PERFORM FROM driveshaft.settings WHERE name = 'engines' FOR UPDATE;
  WITH unfinished AS (
    SELECT j.id, j.requester, j.created_at, j.state, j.sent_at,
           j.state = 'pending' AND j.origin = here AND coalesce(j.retry_at, '-infinity') <= now
             AND j.requester_id = to_regrole(quote_ident(j.requester))
             AND (j.sent_at IS NULL OR j.sent_at <= now - interval '6 hours'
                  OR j.sent_at <= now - again * 2 ^ (least(j.sends, 5) - 1)
                     AND NOT EXISTS (SELECT FROM driveshaft.jobs o WHERE o.state = 'running'
                       AND o.engine = ANY (engines)
                                      AND o.analysis = j.analysis AND o.sent_at <= j.sent_at)) AS is_due
      FROM driveshaft.jobs j WHERE j.engine = ANY (engines) AND j.state IN ('pending', 'running')
  ), sorted AS (
    SELECT u.*, u.state = 'running' OR u.sent_at IS NOT NULL AND NOT u.is_due AS is_flying,
           row_number() OVER (PARTITION BY u.requester, u.is_due ORDER BY u.created_at) AS rank
      FROM unfinished u
  ), placed AS (
    -- what its role would have in flight with it
    SELECT s.*, s.rank + count(*) FILTER (WHERE s.is_flying) OVER (PARTITION BY s.requester) AS place FROM sorted s
  )
  SELECT array_agg(p.id ORDER BY p.place, t.turn) FILTER (WHERE p.is_due), count(*) FILTER (WHERE p.is_flying)
    INTO due, flying
    FROM placed p
    LEFT JOIN driveshaft.turns(ARRAY(SELECT DISTINCT u.requester FROM unfinished u)) WITH ORDINALITY t (role, turn)
      ON t.role = p.requester;
  RETURN QUERY UPDATE driveshaft.jobs j
      SET sent_at = now, sent_error = NULL, sends = CASE WHEN j.sent_at IS NULL THEN 1 ELSE j.sends + 1 END
   WHERE j.id IN (SELECT d.id FROM unnest(due) WITH ORDINALITY u (id, place) JOIN driveshaft.jobs d USING (id)
                   WHERE d.state = 'pending' ORDER BY u.place FOR UPDATE OF d SKIP LOCKED
                   LIMIT greatest(0, coalesce(most, driveshaft.in_flight()) - flying))
  RETURNING j.id, j.analysis, j.requester;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.dispatch TO :"worker";
