-- Upper edges of classes with equal numbers of values: the value of rank n i / breaks, rounded up, or where that is
-- whole the mean of it and the next; the last is the largest.
CREATE OR REPLACE FUNCTION cdb_crankshaft.cdb_quantilebins(in_array numeric[], breaks integer) RETURNS numeric[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
  SELECT array_agg(CASE
      WHEN i = breaks OR n * i % breaks > 0 THEN v[(n * i + breaks - 1) / breaks]
      ELSE (v[n * i / breaks] + v[n * i / breaks + 1]) / 2 END ORDER BY i)
    FROM (SELECT v, cardinality(v)::bigint AS n FROM cdb_crankshaft._values(in_array, breaks) v) sorted,
      generate_series(1, breaks) i
   WHERE n > 0;
END;
