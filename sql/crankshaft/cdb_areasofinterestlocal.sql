-- Local Moran's I, as it was called before; `vals` is the standardised value.
CREATE OR REPLACE FUNCTION cdb_crankshaft.CDB_AreasOfInterestLocal(subquery text, column_name text,
  w_type text DEFAULT 'knn', num_ngbrs integer DEFAULT 5, permutations integer DEFAULT 99,
  geom_col text DEFAULT 'the_geom', id_col text DEFAULT 'cartodb_id')
RETURNS TABLE (moran numeric, quads text, significance numeric, rowid integer, vals numeric)
LANGUAGE sql BEGIN ATOMIC
  SELECT m.moran_stat, m.quads, m.significance, m.rowid, m.orig_val_std
    FROM cdb_crankshaft.CDB_MoransILocal(subquery, column_name, w_type, num_ngbrs, permutations, geom_col,
           id_col) m;
END;
