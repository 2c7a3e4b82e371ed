-- Upper edges of classes by heads and tails: the mean, the mean of what is above it, and so on; the last is the largest
-- value. There are fewer than `breaks` where nothing is left above.
CREATE OR REPLACE FUNCTION cdb_crankshaft.cdb_headstailsbins(in_array numeric[], breaks integer) RETURNS numeric[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  head numeric[] := cdb_crankshaft._values(in_array, breaks);
  highest numeric := head[cardinality(head)];
  edges numeric[] := '{}';
  mean numeric;
BEGIN
  IF highest IS NULL THEN
    RETURN NULL;
  END IF;
  WHILE cardinality(edges) < breaks - 1 LOOP
    SELECT avg(v) INTO mean FROM unnest(head) v;
    EXIT WHEN mean >= highest;
    edges := edges || mean;
    SELECT array_agg(v) INTO head FROM unnest(head) v WHERE v > mean;
  END LOOP;
  RETURN edges || highest;
END $$;
