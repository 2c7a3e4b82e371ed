-- Checks that the requester must not be able to influence: who may ask at all, and whether the target is free.
CREATE OR REPLACE FUNCTION driveshaft.admit_request() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (SELECT rolsuper FROM pg_roles WHERE rolname = NEW.requester)
     AND NOT coalesce((SELECT value = 'true' FROM driveshaft.settings WHERE name = 'allow_superusers'), false) THEN
    PERFORM driveshaft.refuse('SUPERUSER_REFUSED', format('%s is a superuser, whose queries no sandbox holds', NEW.requester),
      'Ask as a plain role (SET ROLE), or install with --allow-superusers.');
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER a_admit_request BEFORE INSERT ON driveshaft.jobs FOR EACH ROW EXECUTE FUNCTION driveshaft.admit_request();

CREATE OR REPLACE FUNCTION driveshaft.reserve_target() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM driveshaft.jobs j WHERE j.target = NEW.target AND j.state IN ('pending', 'running')) THEN
    PERFORM driveshaft.refuse('TARGET_BUSY', format('another job is to write %s', NEW.target), 'Wait until it has finished, or name another target.');
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER c_reserve_target BEFORE INSERT ON driveshaft.jobs FOR EACH ROW EXECUTE FUNCTION driveshaft.reserve_target();
