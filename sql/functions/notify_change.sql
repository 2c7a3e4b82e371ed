-- Tells listeners that a job is new or has changed its state.
CREATE OR REPLACE FUNCTION driveshaft.notify_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM driveshaft.notify(NEW.id);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER notify_new AFTER INSERT ON driveshaft.jobs
  FOR EACH ROW EXECUTE FUNCTION driveshaft.notify_change();
CREATE OR REPLACE TRIGGER notify_state AFTER UPDATE OF state ON driveshaft.jobs
  FOR EACH ROW EXECUTE FUNCTION driveshaft.notify_change();
