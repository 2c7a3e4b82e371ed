-- Every check of a request that needs the requester's own rights: analysis, parameters, query, columns, target.
CREATE OR REPLACE FUNCTION driveshaft.check_request() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM driveshaft.check_analysis(NEW.analysis, NEW.query, NEW.params, NEW.path);
  PERFORM driveshaft.check_limits(NEW.requester, NEW.params);
  IF NEW.answer THEN
    -- nothing is written that a target would name
    IF NEW.target IS NOT NULL THEN
      PERFORM driveshaft.refuse('TARGET_INVALID', format('an answer has no target, and %s is given', NEW.target),
        'Leave the target out.');
    END IF;
    RETURN NEW;
  END IF;
  NEW.target := driveshaft.choose_target(NEW.target, NEW.path, NEW.analysis, NEW.id);
  PERFORM driveshaft.check_target(NEW.target, coalesce((NEW.params->>'overwrite')::boolean, false));
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER b_check_request BEFORE INSERT ON driveshaft.jobs
  FOR EACH ROW EXECUTE FUNCTION driveshaft.check_request();
