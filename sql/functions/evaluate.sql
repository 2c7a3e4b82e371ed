-- The estimate of an analysis by its model, nulls where it was not calibrated. Of many variables all but what is always
-- there counts once each. As estimate() in src/estimate/estimate.ts.
CREATE OR REPLACE FUNCTION driveshaft.evaluate(declared driveshaft.analyses, params jsonb, rows bigint,
  OUT seconds double precision, OUT memory_mb integer, OUT lambda_usd double precision, OUT lambda_fits boolean)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  model jsonb := (SELECT value->declared.name FROM driveshaft.settings WHERE name = 'estimates');
  variables integer := CASE WHEN declared.parameters#>'{properties,value}' ? 'or' AND params ? 'values'
    THEN jsonb_array_length(params->'values') ELSE 1 END;
  megabytes double precision := (model#>>'{memory,0}')::double precision
    + (model#>>'{memory,1}')::double precision * rows * variables;
  term jsonb;
  product double precision;
  name text;
BEGIN
  IF NOT model ? 'seconds' THEN
    RETURN;
  END IF;
  seconds := 0;
  FOR term IN SELECT * FROM jsonb_array_elements(model->'seconds') LOOP
    product := (term->>0)::double precision * CASE WHEN term->1 = '[]' THEN 1 ELSE variables END;
    FOR name IN SELECT * FROM jsonb_array_elements_text(term->1) LOOP
      product := product * driveshaft.quantity(name, declared.parameters, params, rows);
    END LOOP;
    seconds := seconds + product;
  END LOOP;
  memory_mb := ceil(megabytes);
  lambda_usd := (model->>'request')::double precision
    + seconds * (model->>'memorySize')::double precision * (model->>'gbSecond')::double precision / 1024;
  lambda_fits := seconds < (model->>'timeout')::double precision
    AND megabytes < (model->>'memorySize')::double precision;
  seconds := CASE WHEN seconds > 0 THEN round(seconds::numeric, greatest(0, 2 - floor(log(seconds))::integer))
    ELSE 0 END;
  lambda_usd := round(lambda_usd::numeric, greatest(0, 2 - floor(log(lambda_usd))::integer));
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.evaluate TO PUBLIC;
