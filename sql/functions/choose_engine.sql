-- The engine of a request: its own choice, its role's, or the installation's first.
CREATE OR REPLACE FUNCTION driveshaft.choose_engine(params jsonb, allowed driveshaft.limits) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  engines jsonb := (SELECT value FROM driveshaft.settings WHERE name = 'engines');
  chosen text := coalesce(params->>'engine', allowed.engine, engines->>0);
BEGIN
  IF NOT engines ? chosen THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER', format('the engine %s is not in service here', chosen),
      format('There are: %s. Others are added with driveshaft install --engine.',
        (SELECT string_agg(name, ', ') FROM jsonb_array_elements_text(engines) name)));
  END IF;
  RETURN chosen;
END $$;
