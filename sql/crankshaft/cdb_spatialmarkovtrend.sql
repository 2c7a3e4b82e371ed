-- Where places are likely to move next, by spatial Markov chains of the classes they were in.
CREATE OR REPLACE FUNCTION cdb_crankshaft.CDB_SpatialMarkovTrend(subquery text, time_cols text[],
  num_classes integer DEFAULT 7, w_type text DEFAULT 'knn', num_ngbrs integer DEFAULT 5,
  permutations integer DEFAULT 99, geom_col text DEFAULT 'the_geom', id_col text DEFAULT 'cartodb_id')
RETURNS TABLE (trend numeric, trend_up numeric, trend_down numeric, volatility numeric, rowid integer)
LANGUAGE sql BEGIN ATOMIC
  SELECT r.trend, r.trend_up, r.trend_down, r.volatility, r.id
    FROM cdb_crankshaft._ask('spatial_markov',
           cdb_crankshaft._rows(subquery, id_col, geom_col, time_cols, cdb_crankshaft._names(time_cols)),
           jsonb_build_object('values', cdb_crankshaft._names(time_cols), 'classes', num_classes)
             || cdb_crankshaft._places(w_type, num_ngbrs)) a,
         jsonb_to_record(a.answer) AS r (trend numeric, trend_up numeric, trend_down numeric, volatility numeric,
           id integer);
END;
