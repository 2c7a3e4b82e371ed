-- A geographically weighted regression of the rows that have the dependent variable; with `predicts` the result has
-- those without it too. Coefficients and what belongs to them are objects by the names of the variables.
CREATE OR REPLACE FUNCTION cdb_crankshaft._gwr(subquery text, dep_var text, ind_vars text[], bw numeric, fixed boolean,
  kernel text, geom_col text, id_col text, predicts boolean)
RETURNS TABLE (coeffs json, stand_errs json, t_vals json, filtered_t_vals json, answer jsonb, bandwidth numeric)
LANGUAGE sql BEGIN ATOMIC
  SELECT n.coeffs, n.stand_errs, n.t_vals, n.filtered_t_vals, a.answer, (a.summary->>'bandwidth')::numeric
    FROM cdb_crankshaft._ask('gwr',
           cdb_crankshaft._rows(subquery, id_col, geom_col, dep_var || ind_vars,
             ARRAY['y'] || cdb_crankshaft._names(ind_vars), open => CASE WHEN predicts THEN dep_var END),
           jsonb_build_object('id', 'id', 'geometry', 'geometry', 'dependent', 'y',
             'covariates', cdb_crankshaft._names(ind_vars), 'fixed', fixed, 'kernel', lower(kernel))
             || CASE WHEN bw IS NULL THEN '{}' ELSE jsonb_build_object('bandwidth', bw) END
             || CASE WHEN predicts AND cdb_crankshaft._bugs()
                  THEN jsonb_build_object('include', cdb_crankshaft._names(ind_vars)) ELSE '{}' END,
           '{bandwidth}') a,
         LATERAL (
           SELECT json_object_agg(v.name, a.answer->('coefficient_' || v.own) ORDER BY v.place),
                  json_object_agg(v.name, a.answer->('se_' || v.own) ORDER BY v.place),
                  json_object_agg(v.name, a.answer->('t_' || v.own) ORDER BY v.place),
                  json_object_agg(v.name, a.answer->('filtered_t_' || v.own) ORDER BY v.place)
             FROM ROWS FROM (unnest(ARRAY['intercept'] || ind_vars),
                    unnest(ARRAY['intercept'] || cdb_crankshaft._names(ind_vars)))
                    WITH ORDINALITY v (name, own, place)
         ) n (coeffs, stand_errs, t_vals, filtered_t_vals);
END;
