-- What has to be done now and then: ends jobs that came with a restored dump, follows roles that were renamed or
-- dropped, deletes answers after an hour and finished jobs after their retention, some thousands at a time, and
-- forgets results whose tables are gone and workers not seen for a day. Rows that are locked wait for the next time.
CREATE OR REPLACE FUNCTION driveshaft.sweep() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM driveshaft.end_job(j.id, 'failed', 'RESTORED',
    'the job was asked for in another database, of which this is a copy', 'Ask again.')
     FROM (SELECT j.id FROM driveshaft.jobs j WHERE j.state IN ('pending', 'running')
       AND j.origin IS DISTINCT FROM driveshaft.origin()
              FOR NO KEY UPDATE SKIP LOCKED) j;
  PERFORM driveshaft.follow_roles();
  -- that nobody took; one that is being taken goes with that
  DELETE FROM driveshaft.answers a
   WHERE (a.job, a.part) IN (SELECT d.job, d.part FROM driveshaft.answers d JOIN driveshaft.jobs j ON j.id = d.job
                              WHERE j.finished_at < clock_timestamp() - interval '1 hour'
                                FOR UPDATE OF d SKIP LOCKED);
  DELETE FROM driveshaft.jobs j
   WHERE j.id IN (SELECT d.id FROM driveshaft.jobs d
                   WHERE d.state IN ('ready', 'failed', 'canceled')
                     AND d.finished_at < clock_timestamp() - (SELECT value#>>'{}' FROM driveshaft.settings
                       WHERE name = 'retention')::interval
                     AND NOT EXISTS (SELECT FROM driveshaft.answers a WHERE a.job = d.id)
                   FOR UPDATE SKIP LOCKED LIMIT 5000);
  DELETE FROM driveshaft.results r
   WHERE r.relation IN (SELECT d.relation FROM driveshaft.results d
     WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = d.relation)
                           FOR UPDATE SKIP LOCKED);
  DELETE FROM driveshaft.workers w
   WHERE w.name IN (SELECT d.name FROM driveshaft.workers d
     WHERE d.seen_at < clock_timestamp() - interval '1 day' FOR UPDATE SKIP LOCKED);
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.sweep TO :"worker";
