-- Checks that the requester must not be able to influence: who may ask at all, and how much.
CREATE OR REPLACE FUNCTION driveshaft.admit_request() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  asking pg_roles;
  allowed driveshaft.limits := driveshaft.limits_of(NEW.requester);
BEGIN
  -- what cannot be sent to a worker would keep it from all other jobs
  BEGIN
    PERFORM convert_to(concat(NEW.requester, NEW.analysis, NEW.query, NEW.params, NEW.target, NEW.path, NEW.time_zone),
      'UTF8');
  EXCEPTION WHEN untranslatable_character OR character_not_in_repertoire THEN
    PERFORM driveshaft.refuse('INVALID_QUERY', 'the request has a character that UTF8 has not',
      'Leave it out: workers read requests in UTF8.');
  END;
  SELECT * INTO asking FROM pg_roles WHERE rolname = NEW.requester;
  IF asking.rolsuper AND NOT coalesce((SELECT value = 'true' FROM driveshaft.settings WHERE name = 'allow_superusers'),
    false) THEN
    PERFORM driveshaft.refuse('SUPERUSER_REFUSED',
      format('%s is a superuser, whose queries no sandbox holds', NEW.requester),
      'Ask as a plain role (SET ROLE), or install with --allow-superusers.');
  END IF;
  IF NOT asking.rolcanlogin AND NOT EXISTS (SELECT FROM driveshaft.twins WHERE role = NEW.requester) THEN
    PERFORM driveshaft.refuse('NO_LOGIN', format('%s cannot log in, so no worker can read as it', NEW.requester),
      format('Ask as a role that can log in, or install with --twin %s=ROLE.', NEW.requester));
  END IF;
  IF (SELECT count(*) FROM driveshaft.jobs j WHERE j.requester = NEW.requester
    AND j.state IN ('pending', 'running')) >= allowed.queued THEN
    PERFORM driveshaft.refuse('QUEUE_LIMIT',
      format('%s has %s jobs waiting or running already, as many as it may', NEW.requester, allowed.queued),
      'Wait until some have finished, or cancel some with cdb_cancel_analysis(job).');
  END IF;
  NEW.engine := driveshaft.choose_engine(NEW.params, allowed);
  NEW.origin := driveshaft.origin();
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER a_admit_request BEFORE INSERT ON driveshaft.jobs
  FOR EACH ROW EXECUTE FUNCTION driveshaft.admit_request();
