-- Geographically weighted regression of the rows that have all variables.
CREATE OR REPLACE FUNCTION cdb_crankshaft.CDB_GWR(subquery text, dep_var text, ind_vars text[],
  bw numeric DEFAULT NULL, fixed boolean DEFAULT false, kernel text DEFAULT 'bisquare',
  geom_col text DEFAULT 'the_geom', id_col text DEFAULT 'cartodb_id')
RETURNS TABLE (coeffs json, stand_errs json, t_vals json, filtered_t_vals json, predicted numeric, residuals numeric,
  r_squared numeric, bandwidth numeric, rowid bigint)
LANGUAGE sql BEGIN ATOMIC
  SELECT g.coeffs, g.stand_errs, g.t_vals, g.filtered_t_vals, (g.answer->>'predicted')::numeric,
         (g.answer->>'residual')::numeric, (g.answer->>'local_r2')::numeric, g.bandwidth, (g.answer->>'id')::bigint
    FROM cdb_crankshaft._gwr(subquery, dep_var, ind_vars, bw, fixed, kernel, geom_col, id_col, false) g;
END;
