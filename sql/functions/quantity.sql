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
    WHEN 'unequal' THEN unequal::integer
    WHEN 'exact' THEN (NOT drawn)::integer
    WHEN 'around' THEN CASE WHEN bandwidth IS NULL THEN 15 ELSE 1 END
      * CASE WHEN coalesce(params->>'fixed', '') = 'true' OR coalesce(params->>'kernel', 'bisquare') <> 'bisquare'
        THEN rows ELSE coalesce(bandwidth, rows / 4.0) END
    ELSE CASE WHEN name <> 'permutations' OR drawn THEN coalesce(CASE
      WHEN jsonb_typeof(params->name->0) = 'string' THEN jsonb_array_length(params->name)
      -- of all numbers of which the first and the last are given, the sum
      WHEN jsonb_typeof(params->name) = 'array' THEN
        ((params->name->>0)::double precision + (params->name->>1)::double precision)
        * ((params->name->>1)::double precision - (params->name->>0)::double precision + 1) / 2
      ELSE (params->>name)::double precision END,
      (declared#>>ARRAY['properties', name, 'default'])::double precision, 0) ELSE 0 END
  END
  FROM (SELECT coalesce(params#>>'{weights,type}', '') = 'kernel'
      OR coalesce(params#>>'{weights,binary}', '') = 'false' AS unequal) w,
    LATERAL (SELECT unequal OR NOT (declared->'properties' ? 'inference')
      OR coalesce(params->>'inference', '') = 'permutation'
      OR coalesce(params->>'draws', '') = 'independent' AS drawn) d,
    LATERAL (SELECT coalesce((params->>'bandwidth')::double precision,
      (SELECT avg(each::double precision) FROM jsonb_array_elements_text(params->'bandwidths') each)) AS bandwidth) b
$$;

GRANT EXECUTE ON FUNCTION driveshaft.quantity TO PUBLIC;
