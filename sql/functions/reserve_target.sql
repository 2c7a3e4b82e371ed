-- One unfinished job per target. Where another's request for it is not committed yet, the wait is cut short.
CREATE OR REPLACE FUNCTION driveshaft.reserve_target() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '500ms' AS $$
BEGIN
  INSERT INTO driveshaft.reservations VALUES (NEW.target, NEW.id);
  RETURN NULL;
EXCEPTION WHEN unique_violation OR lock_not_available THEN
  PERFORM driveshaft.refuse('TARGET_BUSY', format('another job is to write %s', NEW.target),
    'Wait until it has finished, or name another target.');
END $$;

CREATE OR REPLACE TRIGGER reserve_target AFTER INSERT ON driveshaft.jobs FOR EACH ROW
  WHEN (NOT NEW.answer) EXECUTE FUNCTION driveshaft.reserve_target();
