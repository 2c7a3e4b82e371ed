-- Refuses a request: an error with our code in front and SQLSTATE DS000. Names and values of the requester's stand in
-- it, so its length is bounded.
CREATE OR REPLACE FUNCTION driveshaft.refuse(code text, message text, hint text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION USING errcode = 'DS000', message = left(code || ': ' || message, 2000),
    hint = left(coalesce(hint, ''), 2000);
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.refuse TO PUBLIC;
