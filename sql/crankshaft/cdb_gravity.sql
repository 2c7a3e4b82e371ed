-- Huff's model (1964): of each source within `radius` meters of `target`, the probability in percent that people go to
-- it, which is its weight divided by the distance, as a share of those of all targets within the radius whose weight is
-- above `minval`; and the population that does. Distances are geodesic, and at least 1 m.
CREATE OR REPLACE FUNCTION cdb_crankshaft.cdb_gravity(t_id bigint[], t_geom geometry[], t_weight numeric[],
    s_id bigint[], s_geom geometry[], s_pop numeric[], target bigint, radius integer, minval numeric DEFAULT -10e307)
  RETURNS TABLE (the_geom geometry, source_id bigint, target_id bigint, dist numeric, h numeric, hpop numeric)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, :"postgis", pg_temp SET jit = off AS $$
DECLARE
  lowest numeric;
BEGIN
  PERFORM cdb_crankshaft._check_lengths('t_id', cardinality(t_id), 't_geom', cardinality(t_geom));
  PERFORM cdb_crankshaft._check_lengths('t_id', cardinality(t_id), 't_weight', cardinality(t_weight));
  PERFORM cdb_crankshaft._check_lengths('s_id', cardinality(s_id), 's_geom', cardinality(s_geom));
  PERFORM cdb_crankshaft._check_lengths('s_id', cardinality(s_id), 's_pop', cardinality(s_pop));
  SELECT min(w) INTO lowest FROM unnest(t_weight) w WHERE w > minval;
  IF lowest < 0 THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER', format('t_weight has %s, and no probability is negative', lowest),
      'Leave such targets out: minval => 0 takes weights above 0.');
  END IF;
  RETURN QUERY
    WITH targets AS MATERIALIZED (
      SELECT t.id, t.weight, cdb_crankshaft._place_on_earth(t.geom) AS place
        FROM ROWS FROM (unnest(t_id), unnest(t_geom), unnest(t_weight)) t (id, geom, weight)
       WHERE t.weight > minval AND t.weight < 'Infinity'
    ), sources AS MATERIALIZED (
      SELECT s.number, s.id, s.geom, s.population, cdb_crankshaft._place_on_earth(s.geom) AS place
        FROM ROWS FROM (unnest(s_id), unnest(s_geom), unnest(s_pop)) WITH ORDINALITY s (id, geom, population, number)
    ), near AS MATERIALIZED (
      SELECT DISTINCT s.number, s.place
        FROM sources s JOIN targets t ON t.id = target AND ST_DWithin(s.place, t.place, radius)
    ), pulls AS MATERIALIZED (
      SELECT s.number, t.id, t.weight, ST_Distance(s.place, t.place) AS distance FROM near s CROSS JOIN targets t
    ), shares AS (
      SELECT p.number, p.id, p.distance, q.pull, sum(q.pull) OVER (PARTITION BY p.number) AS total
        FROM pulls p CROSS JOIN LATERAL (SELECT p.weight / greatest(p.distance, 1)::numeric AS pull) q
       WHERE p.distance <= radius
    )
    SELECT s.geom, s.id, p.id, CASE WHEN p.distance > 1 THEN p.distance::numeric ELSE 0 END,
        100 * p.pull / nullif(p.total, 0), s.population * p.pull / nullif(p.total, 0)
      FROM shares p JOIN sources s USING (number) WHERE p.id = target ORDER BY s.number;
END $$;

-- The same with the rows of two queries, which have columns cartodb_id and the_geom, besides those named; they run as
-- the caller, in the caller's search_path.
CREATE OR REPLACE FUNCTION cdb_crankshaft.cdb_gravity(target_query text, weight_column text, source_query text,
    pop_column text, target bigint, radius integer, minval numeric DEFAULT -10e307)
  RETURNS TABLE (the_geom geometry, source_id bigint, target_id bigint, dist numeric, h numeric, hpop numeric)
LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE
  t_id pg_catalog.int8[];
  t_geom :"postgis".geometry[];
  t_weight pg_catalog.numeric[];
  s_id pg_catalog.int8[];
  s_geom :"postgis".geometry[];
  s_pop pg_catalog.numeric[];
  rows pg_catalog.text := 'SELECT pg_catalog.array_agg(q.cartodb_id::pg_catalog.int8 ORDER BY q.cartodb_id),
    pg_catalog.array_agg(q.the_geom ORDER BY q.cartodb_id),
    pg_catalog.array_agg(q.%I::pg_catalog.numeric ORDER BY q.cartodb_id) FROM (';
BEGIN
  EXECUTE pg_catalog.concat(pg_catalog.format(rows, weight_column), target_query, E'\n) q')
    INTO t_id, t_geom, t_weight;
  EXECUTE pg_catalog.concat(pg_catalog.format(rows, pop_column), source_query, E'\n) q') INTO s_id, s_geom, s_pop;
  RETURN QUERY SELECT g.the_geom, g.source_id, g.target_id, g.dist, g.h, g.hpop
    FROM cdb_crankshaft.cdb_gravity(t_id, t_geom, t_weight, s_id, s_geom, s_pop, target, radius, minval) g;
END $$;
