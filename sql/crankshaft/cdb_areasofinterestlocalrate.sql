-- Local Moran's I of rates, as it was called before; `vals` is the rate.
CREATE OR REPLACE FUNCTION cdb_crankshaft.CDB_AreasOfInterestLocalRate(subquery text, numerator text, denominator text,
  w_type text DEFAULT 'knn', num_ngbrs integer DEFAULT 5, permutations integer DEFAULT 99,
  geom_col text DEFAULT 'the_geom', id_col text DEFAULT 'cartodb_id')
RETURNS TABLE (moran numeric, quads text, significance numeric, rowid integer, vals numeric)
LANGUAGE sql BEGIN ATOMIC
  SELECT m.moran_stat, m.quads, m.significance, m.rowid, m.orig_val
    FROM cdb_crankshaft.CDB_MoransILocalRate(subquery, numerator, denominator, w_type, num_ngbrs,
           permutations, geom_col, id_col) m;
END;
