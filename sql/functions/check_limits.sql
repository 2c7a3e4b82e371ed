-- Refuses limits above those of the role.
CREATE OR REPLACE FUNCTION driveshaft.check_limits(requester name, params jsonb) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  allowed driveshaft.limits := driveshaft.limits_of(requester);
  parameter text;
  most bigint;
BEGIN
  FOR parameter, most IN VALUES ('timeout', allowed.seconds::bigint), ('row_limit', allowed.rows),
    ('memory_limit', allowed.memory_mb::bigint) LOOP
    IF (params->>parameter)::numeric > most THEN
      PERFORM driveshaft.refuse('INVALID_PARAMETER',
        format('params.%s is %s, but the limit of %s is %s', parameter, params->>parameter, requester, most),
        'Ask for less, or ask an administrator to raise the limit in driveshaft.limits.');
    END IF;
  END LOOP;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.check_limits TO PUBLIC;
