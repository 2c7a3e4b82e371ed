-- Rows of high values, by the quadrant of local Moran's I of rates; whether significant or not.
CREATE OR REPLACE FUNCTION cdb_crankshaft.CDB_GetSpatialHotspotsRate(subquery text, numerator text, denominator text,
  w_type text DEFAULT 'knn', num_ngbrs integer DEFAULT 5, permutations integer DEFAULT 99,
  geom_col text DEFAULT 'the_geom', id_col text DEFAULT 'cartodb_id')
RETURNS TABLE (moran numeric, quads text, significance numeric, rowid integer, vals numeric)
LANGUAGE sql BEGIN ATOMIC
  SELECT *
    FROM cdb_crankshaft.CDB_AreasOfInterestLocalRate(subquery, numerator, denominator, w_type, num_ngbrs,
           permutations, geom_col, id_col) a
   WHERE a.quads IN ('HH', 'HL');
END;
