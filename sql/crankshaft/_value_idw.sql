-- The mean of the values of the p1 nearest points, or of all where p1 is 0, weighted by inverse distances to the power
-- p2, or 1 where p2 is 0; at a point itself its value. crankshaft took all points, and the p1 nearest once more.
CREATE OR REPLACE FUNCTION cdb_crankshaft._value_idw(geomin geometry[], colin numeric[], point geometry,
  p1 integer, p2 numeric) RETURNS numeric
LANGUAGE sql STABLE PARALLEL SAFE SET jit = off
BEGIN ATOMIC
  WITH samples AS (
    SELECT s.value::double precision AS value, ST_Distance(s.geom, point) AS distance,
        row_number() OVER (ORDER BY ST_Distance(s.geom, point), s.place) AS rank
      FROM cdb_crankshaft._samples(geomin, colin) s
  ), taken AS (
    SELECT s.value, s.distance, CASE WHEN cdb_crankshaft._bugs() AND s.rank <= p1 THEN 2 ELSE 1 END AS times,
        min(s.distance) OVER () AS nearest
      FROM samples s WHERE p1 = 0 OR s.rank <= p1 OR cdb_crankshaft._bugs()
  ), weighted AS (
    -- relative to the nearest, so that no power overflows; below exp(-700) it is none
    SELECT t.value, t.times * CASE
        WHEN t.nearest = 0 THEN (t.distance = 0)::integer
        WHEN p * ln(t.distance / t.nearest) < 700 THEN power(t.distance / t.nearest, -p)
        ELSE 0 END AS weight
      FROM taken t, (SELECT coalesce(nullif(p2, 0), 1)::double precision AS p) power
  )
  SELECT (sum(w.value * w.weight) / sum(w.weight))::numeric FROM weighted w;
END;
