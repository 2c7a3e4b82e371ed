-- Refuses a request: an error with our code in front and SQLSTATE DS000.
CREATE OR REPLACE FUNCTION driveshaft.refuse(code text, message text, hint text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION USING errcode = 'DS000', message = code || ': ' || message, hint = coalesce(hint, '');
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.refuse TO PUBLIC;
