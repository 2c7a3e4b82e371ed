-- Geographically weighted regression at the rows whose dependent variable is null, of those that have it. crankshaft's
-- prediction had the covariates of another row: of the i-th with the variable for the i-th without.
CREATE OR REPLACE FUNCTION cdb_crankshaft.CDB_GWR_Predict(subquery text, dep_var text, ind_vars text[],
  bw numeric DEFAULT NULL, fixed boolean DEFAULT false, kernel text DEFAULT 'bisquare',
  geom_col text DEFAULT 'the_geom', id_col text DEFAULT 'cartodb_id')
RETURNS TABLE (coeffs json, stand_errs json, t_vals json, r_squared numeric, predicted numeric, rowid bigint)
LANGUAGE sql BEGIN ATOMIC
  WITH found AS (
    SELECT g.*, (g.answer->>'id')::bigint AS id, g.answer->>'residual' IS NULL AS is_new,
           row_number() OVER (PARTITION BY g.answer->>'residual' IS NULL ORDER BY (g.answer->>'id')::bigint) AS place
      FROM cdb_crankshaft._gwr(subquery, dep_var, ind_vars, bw, fixed, kernel, geom_col, id_col, true) g
  )
  SELECT f.coeffs, f.stand_errs, f.t_vals, (f.answer->>'local_r2')::numeric,
         CASE WHEN cdb_crankshaft._bugs() THEN (f.coeffs->>'intercept')::numeric + (
             SELECT sum((f.coeffs->>v.name)::numeric * (o.answer->>('x' || v.place))::numeric)
               FROM unnest(ind_vars) WITH ORDINALITY v (name, place))
           ELSE (f.answer->>'predicted')::numeric END, f.id
    FROM found f LEFT JOIN found o ON o.place = f.place AND NOT o.is_new
   WHERE f.is_new;
END;
