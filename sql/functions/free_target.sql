-- A job that has ended leaves its target to others, and can no longer be canceled.
CREATE OR REPLACE FUNCTION driveshaft.free_target() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM driveshaft.reservations WHERE job = NEW.id;
  DELETE FROM driveshaft.cancellations WHERE job = NEW.id;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER free_target AFTER UPDATE OF state ON driveshaft.jobs FOR EACH ROW
  WHEN (NEW.state IN ('ready', 'failed', 'canceled')) EXECUTE FUNCTION driveshaft.free_target();
