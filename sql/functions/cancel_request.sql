-- Canceling is setting a flag, which stays: a pending job ends at once, the worker of a running one is told.
CREATE OR REPLACE FUNCTION driveshaft.cancel_request() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.cancel := OLD.cancel OR NEW.cancel;
  IF NEW.cancel AND OLD.state = 'pending' THEN
    NEW.state := 'canceled';
    NEW.finished_at := clock_timestamp();
    NEW.error_code := 'CANCELED';
    NEW.error_message := 'the job was canceled';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER cancel_request BEFORE UPDATE OF cancel ON driveshaft.jobs FOR EACH ROW EXECUTE FUNCTION driveshaft.cancel_request();
