-- z as crankshaft had it: G* of all rows together has one mean and one deviation, those of all draws of all rows, here
-- in closed form. A row with k neighbors draws these from the n - 1 others.
CREATE OR REPLACE FUNCTION cdb_crankshaft._pooled_z(rows text, places jsonb)
RETURNS TABLE (id bigint, z double precision)
LANGUAGE sql BEGIN ATOMIC
  WITH found AS (
    SELECT r.id, r.value, r.local_g FROM cdb_crankshaft._ask('getis_ord_local', rows,
        '{"value": "value", "transform": "B", "permutations": 0, "inference": "permutation"}' || places) a,
      jsonb_to_record(a.answer) AS r (id bigint, value float8, local_g float8)
  ), neighbors AS (
    SELECT r.focal AS id, count(*) AS k
      FROM cdb_crankshaft._ask('weights', rows, places) a, jsonb_to_record(a.answer) AS r (focal bigint) GROUP BY 1
  ), totals AS (
    SELECT count(*)::float8 AS n, sum(value) AS total, sum(value * value) AS squares FROM found
  ), others AS (
    SELECT f.id, f.value, f.local_g, coalesce(k, 0)::float8 AS k, n, total, (total - value) / (n - 1) AS mean,
           (squares - value * value) / (n - 1) - ((total - value) / (n - 1)) ^ 2 AS variance
      FROM found f LEFT JOIN neighbors USING (id), totals
  ), drawn AS (
    SELECT o.id, local_g, k, (value + k * mean) / (k + 1) / total AS mean,
           k * variance * (n - 1 - k) / (n - 2) / ((k + 1) * total) ^ 2 AS variance
      FROM others o
  )
  SELECT d.id, (local_g / (k + 1) - avg(mean) OVER w)
      / nullif(sqrt(avg(variance + mean * mean) OVER w - (avg(mean) OVER w) ^ 2), 0)
    FROM drawn d WINDOW w AS ();
END;
