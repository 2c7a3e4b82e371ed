-- Tells listeners that a job is new or has changed its state.
CREATE OR REPLACE FUNCTION driveshaft.tell() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM driveshaft.hint(NEW.id);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER tell_new AFTER INSERT ON driveshaft.jobs FOR EACH ROW EXECUTE FUNCTION driveshaft.tell();
CREATE OR REPLACE TRIGGER tell_state AFTER UPDATE OF state ON driveshaft.jobs FOR EACH ROW EXECUTE FUNCTION driveshaft.tell();
