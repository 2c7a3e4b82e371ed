-- Upper edges of classes of equal width.
CREATE OR REPLACE FUNCTION cdb_crankshaft.cdb_equalintervalbins(in_array numeric[], breaks integer) RETURNS numeric[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
  SELECT array_agg(CASE WHEN i = breaks THEN high ELSE low + (high - low) * i / breaks END ORDER BY i)
    FROM (SELECT v[1] AS low, v[cardinality(v)] AS high FROM cdb_crankshaft._values(in_array, breaks) v) ends,
      generate_series(1, breaks) i
   WHERE low IS NOT NULL;
END;
