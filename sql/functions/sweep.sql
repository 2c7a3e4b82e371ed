-- What has to be done now and then: ends jobs that came with a restored dump, deletes finished jobs after their retention,
-- and forgets results whose tables are gone and workers not seen for a day.
CREATE OR REPLACE FUNCTION driveshaft.sweep() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE driveshaft.jobs j SET state = 'failed', token_hash = NULL, finished_at = clock_timestamp(), error_code = 'RESTORED',
    error_message = 'the job was asked for in another database, of which this is a copy', error_hint = 'Ask again.'
   WHERE j.state IN ('pending', 'running') AND j.origin IS DISTINCT FROM driveshaft.origin();
  DELETE FROM driveshaft.jobs j
   WHERE j.state IN ('ready', 'failed', 'canceled')
     AND j.finished_at < clock_timestamp() - (SELECT value#>>'{}' FROM driveshaft.settings WHERE name = 'retention')::interval;
  DELETE FROM driveshaft.results r WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = r.relation);
  DELETE FROM driveshaft.workers w WHERE w.seen_at < clock_timestamp() - interval '1 day';
END $$;
