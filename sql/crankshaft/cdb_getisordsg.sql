-- Getis and Ord's G*: its z-score, the p-value of the smaller tail, and that of the normal curve for z. As the row
-- keeps its own value, all three are those of G.
CREATE OR REPLACE FUNCTION cdb_crankshaft.CDB_GetisOrdsG(subquery text, column_name text,
  w_type text DEFAULT 'knn', num_ngbrs integer DEFAULT 5, permutations integer DEFAULT 999,
  geom_col text DEFAULT 'the_geom', id_col text DEFAULT 'cartodb_id')
RETURNS TABLE (z_score numeric, p_value numeric, p_z_sim numeric, rowid bigint)
LANGUAGE sql BEGIN ATOMIC
  WITH asked AS (
    SELECT cdb_crankshaft._rows(subquery, id_col, geom_col, ARRAY[column_name], ARRAY['value']) AS rows,
           cdb_crankshaft._places(w_type, num_ngbrs) AS places
  ), found AS (
    SELECT r.* FROM asked, cdb_crankshaft._ask('getis_ord_local', rows,
        '{"value": "value", "star": false}' || places || cdb_crankshaft._inference(permutations)) a,
      jsonb_to_record(a.answer) AS r (id bigint, z float8, p numeric)
  ), pooled AS (
    SELECT p.* FROM asked, cdb_crankshaft._pooled_z(rows, places) p WHERE cdb_crankshaft._bugs()
  ), scored AS (
    SELECT f.id, f.p, CASE WHEN cdb_crankshaft._bugs() THEN p.z ELSE f.z END AS z
      FROM found f LEFT JOIN pooled p USING (id)
  )
  SELECT s.z::numeric, s.p, cdb_crankshaft._upper_tail(abs(s.z))::numeric, s.id FROM scored s;
END;
