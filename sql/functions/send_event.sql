-- Tells a function of a job of the engine aws_lambda, at COMMIT: nothing is told of a job that is rolled back. Where as
-- many functions as may be are at work already, and each has connections to the database, the job waits for the sweep.
-- Whatever goes wrong leaves the job waiting for the sweep, which runs beside the functions.
CREATE OR REPLACE FUNCTION driveshaft.send_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  address text := (SELECT f.arn FROM driveshaft.functions f WHERE f.analysis = NEW.analysis);
  status integer;
BEGIN
  IF EXISTS (SELECT FROM driveshaft.jobs j
              WHERE j.engine <> 'worker' AND (j.state = 'running' OR j.state = 'pending' AND j.sent_at IS NOT NULL)
              ORDER BY j.created_at OFFSET greatest(driveshaft.in_flight(), 1) - 1) THEN
    RETURN NULL;
  END IF;
  IF address IS NULL THEN
    RAISE EXCEPTION USING message = format('no function is known for %s', NEW.analysis);
  END IF;
  SELECT answer.status_code INTO status
    FROM aws_lambda.invoke(address, json_build_object('job', NEW.id, 'analysis', NEW.analysis),
      split_part(address, ':', 4), 'Event') answer;
  IF status IS DISTINCT FROM 202 THEN
    RAISE EXCEPTION USING message = format('AWS Lambda answered with status %s', status);
  END IF;
  UPDATE driveshaft.jobs j SET sent_at = clock_timestamp(), sends = 1 WHERE j.id = NEW.id AND j.state = 'pending';
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  RAISE WARNING USING message = format('job %s waits for the sweep, as its function could not be told: %s', NEW.id,
    SQLERRM);
  UPDATE driveshaft.jobs j SET sent_error = SQLERRM WHERE j.id = NEW.id AND j.state = 'pending';
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS send_event ON driveshaft.jobs;
CREATE CONSTRAINT TRIGGER send_event AFTER INSERT ON driveshaft.jobs DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.engine = 'aws_lambda') EXECUTE FUNCTION driveshaft.send_event();
