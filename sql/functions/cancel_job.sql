-- A cancellation: a pending job ends at once, the worker of a running one is told. The row of a job that somebody works
-- on is left alone, and no lock on it stays with the transaction, which may be open for long: workers would wait for
-- it.
CREATE OR REPLACE FUNCTION driveshaft.cancel_job() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  BEGIN
    IF 'pending' IS DISTINCT FROM (SELECT j.state FROM driveshaft.jobs j WHERE j.id = NEW.job
      FOR NO KEY UPDATE NOWAIT) THEN
      -- the end of the block by an error gives the lock back
      RAISE lock_not_available;
    END IF;
    PERFORM driveshaft.end_job(NEW.job, 'canceled', 'CANCELED', 'the job was canceled');
  EXCEPTION WHEN lock_not_available OR serialization_failure THEN
    PERFORM driveshaft.notify(NEW.job);
  END;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER cancel_job AFTER INSERT ON driveshaft.cancellations
  FOR EACH ROW EXECUTE FUNCTION driveshaft.cancel_job();
