-- The columns that an analysis' own result has with these parameters, in order, and their types.
CREATE OR REPLACE FUNCTION cdb_crankshaft._result_columns(analysis text, params jsonb)
RETURNS TABLE (name text, type text)
LANGUAGE sql STABLE BEGIN ATOMIC
  SELECT concat_ws('_', c->>'name', element), c->>'type'
    FROM driveshaft.analyses d, jsonb_array_elements(d.columns) WITH ORDINALITY declared (c, place)
    LEFT JOIN jsonb_array_elements_text(params->(c->>'each')) WITH ORDINALITY elements (element, number) ON true
   WHERE d.name = analysis AND (NOT c ? 'each' OR element IS NOT NULL) AND driveshaft.is_of_output(c, d, params)
   ORDER BY place, number;
END;
