-- Tells listeners to look at a job: its id only. Anyone may notify, so nothing rests on it. A listener that stops
-- reading lets the server's queue of notifications fill up, and then every transaction that notifies fails at its
-- COMMIT: long before that nobody is told any more, and workers find jobs when they look unasked.
CREATE OR REPLACE FUNCTION driveshaft.notify(job uuid) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  SELECT pg_notify('driveshaft', notify.job::text) WHERE pg_notification_queue_usage() < 0.5
$$;
