-- Drops an answer that was received, and the receipt.
CREATE OR REPLACE FUNCTION driveshaft.receive_answer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM driveshaft.answers WHERE job = NEW.job;
  DELETE FROM driveshaft.receipts WHERE job = NEW.job;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER receive_answer AFTER INSERT ON driveshaft.receipts
  FOR EACH ROW EXECUTE FUNCTION driveshaft.receive_answer();
