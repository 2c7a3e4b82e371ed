-- Every check of a request that needs the requester's own rights: analysis, parameters, query, columns, target.
CREATE OR REPLACE FUNCTION driveshaft.check_request() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  declared driveshaft.analyses;
  names text[] := ARRAY(SELECT a.name FROM driveshaft.analyses a ORDER BY a.name);
  columns record;
  pairs text[];
BEGIN
  SELECT * INTO declared FROM driveshaft.analyses a WHERE a.name = NEW.analysis;
  IF declared.name IS NULL THEN
    PERFORM driveshaft.refuse('UNKNOWN_ANALYSIS', format('there is no analysis "%s"', NEW.analysis),
      coalesce('Did you mean ' || driveshaft.nearest(NEW.analysis, names) || '? ', '') || format('There are: %s.', array_to_string(names, ', ')));
  END IF;
  PERFORM driveshaft.check_params(declared.parameters, NEW.params, NEW.analysis || ': params');
  columns := driveshaft.query_columns(NEW.query, NEW.path);
  PERFORM driveshaft.check_columns(declared, NEW.params, columns.names, columns.types);
  IF NEW.params#>>'{weights,type}' = 'query' THEN
    pairs := (driveshaft.query_columns(NEW.params#>>'{weights,query}', NEW.path)).names;
    IF NOT pairs @> ARRAY['focal', 'neighbor'] THEN
      PERFORM driveshaft.refuse('MISSING_COLUMN', 'the query of the weights has no columns focal and neighbor',
        format('Its columns are: %s.', array_to_string(pairs, ', ')));
    END IF;
  END IF;
  PERFORM driveshaft.check_limits(NEW.requester, NEW.params);
  NEW.target := driveshaft.choose_target(NEW.target, NEW.path, NEW.analysis, NEW.id);
  PERFORM driveshaft.check_target(NEW.target, coalesce((NEW.params->>'overwrite')::boolean, false));
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER b_check_request BEFORE INSERT ON driveshaft.jobs FOR EACH ROW EXECUTE FUNCTION driveshaft.check_request();
