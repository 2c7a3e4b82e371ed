-- Names for columns that are told apart by their place, so that none is called like another of the analysis.
CREATE OR REPLACE FUNCTION cdb_crankshaft._names(columns text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE BEGIN ATOMIC
  SELECT array_agg('x' || place ORDER BY place) FROM unnest(columns) WITH ORDINALITY c (name, place);
END;
