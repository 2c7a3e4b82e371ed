-- Adds a part to the answer to a job, or with a summary ends it and marks the job ready, all in one transaction of the
-- worker's. The token is the only authority.
CREATE OR REPLACE FUNCTION driveshaft.answer(job uuid, token text, part integer, rows jsonb, summary jsonb)
  RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO driveshaft.answers (job, part, rows)
  SELECT j.id, answer.part, answer.rows FROM driveshaft.jobs j
   WHERE j.id = answer.job AND j.state = 'running' AND j.answer AND j.token_hash = sha256(convert_to(token, 'UTF8'));
  IF NOT FOUND THEN
    RAISE EXCEPTION USING errcode = 'DS001', message = format('the attempt no longer holds job %s', job);
  END IF;
  IF summary IS NOT NULL THEN
    PERFORM driveshaft.complete(job, token, summary);
  END IF;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.answer TO PUBLIC;
