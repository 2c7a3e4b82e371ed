-- Global Moran's I of rates with its p-value; crankshaft gave the expectation instead of that.
CREATE OR REPLACE FUNCTION cdb_crankshaft.CDB_AreasOfInterestGlobalRate(subquery text, numerator text, denominator text,
  w_type text DEFAULT 'knn', num_ngbrs integer DEFAULT 5, permutations integer DEFAULT 99,
  geom_col text DEFAULT 'the_geom', id_col text DEFAULT 'cartodb_id')
RETURNS TABLE (moran double precision, significance double precision)
LANGUAGE sql BEGIN ATOMIC
  SELECT r.i, CASE WHEN cdb_crankshaft._bugs() THEN r.expected ELSE r.p_sim END
    FROM cdb_crankshaft._ask('moran_rate',
           cdb_crankshaft._rows(subquery, id_col, geom_col, ARRAY[numerator, denominator],
             ARRAY['events', 'base'], denominator),
           '{"events": "events", "base": "base"}' || cdb_crankshaft._places(w_type, num_ngbrs)
             || cdb_crankshaft._draws(permutations)) a,
         jsonb_to_record(a.answer) AS r (i double precision, expected double precision, p_sim double precision);
END;
