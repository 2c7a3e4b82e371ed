-- What the terms of an estimate are made of; as quantity() in src/estimate/estimate.ts.
CREATE OR REPLACE FUNCTION driveshaft.quantity(name text, declared jsonb, params jsonb, rows bigint)
  RETURNS double precision
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE name
    WHEN 'rows' THEN rows
    WHEN 'neighbors' THEN CASE params#>>'{weights,type}'
      WHEN 'cells' THEN 3 * coalesce((params#>>'{weights,k}')::double precision, 1)
        * (coalesce((params#>>'{weights,k}')::double precision, 1) + 1)
      ELSE coalesce((params#>>'{weights,k}')::double precision, 8) END
    WHEN 'independent' THEN (coalesce(params->>'draws', '') = 'independent')::integer
    WHEN 'unequal' THEN (coalesce(params#>>'{weights,type}', '') = 'kernel'
      OR coalesce(params#>>'{weights,binary}', '') = 'false')::integer
    ELSE coalesce((params->>name)::double precision,
      (declared#>>ARRAY['properties', name, 'default'])::double precision, 0)
  END
$$;

GRANT EXECUTE ON FUNCTION driveshaft.quantity TO PUBLIC;
