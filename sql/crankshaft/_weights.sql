-- Weights by crankshaft's names: knn in any case of letters, and whatever else is written means queen.
CREATE OR REPLACE FUNCTION cdb_crankshaft._weights(w_type text, num_ngbrs integer) RETURNS jsonb
LANGUAGE sql IMMUTABLE BEGIN ATOMIC
  SELECT CASE WHEN lower(w_type) = 'knn' THEN jsonb_build_object('type', 'knn', 'k', num_ngbrs)
    ELSE '{"type": "queen"}' END;
END;
