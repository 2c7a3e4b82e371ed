-- Local Moran's I of rates, standardised by empirical Bayes.
CREATE OR REPLACE FUNCTION cdb_crankshaft.CDB_MoransILocalRate(subquery text, numerator text, denominator text,
  w_type text DEFAULT 'knn', num_ngbrs integer DEFAULT 5, permutations integer DEFAULT 99,
  geom_col text DEFAULT 'the_geom', id_col text DEFAULT 'cartodb_id')
RETURNS TABLE (quads text, significance numeric, spatial_lag numeric, spatial_lag_std numeric, orig_val numeric,
  orig_val_std numeric, moran_stat numeric, rowid integer)
LANGUAGE sql BEGIN ATOMIC
  SELECT r.quadrant, r.p, r.lag, r.lag_std, r.eb_standardized, r.value_std, r.local_i, r.id
    FROM cdb_crankshaft._ask('moran_local_rate',
           cdb_crankshaft._rows(subquery, id_col, geom_col, ARRAY[numerator, denominator],
             ARRAY['events', 'base'], denominator),
           '{"events": "events", "base": "base"}' || cdb_crankshaft._places(w_type, num_ngbrs)
             || cdb_crankshaft._inference(permutations)) a,
         jsonb_to_record(a.answer) AS r (quadrant text, p numeric, lag numeric, lag_std numeric,
           eb_standardized numeric, value_std numeric, local_i numeric, id integer);
END;
