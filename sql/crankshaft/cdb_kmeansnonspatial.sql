-- k-means of numbers. The centers are in standard deviations where the numbers are standardised.
CREATE OR REPLACE FUNCTION cdb_crankshaft.CDB_KMeansNonspatial(query text, colnames text[], no_clusters integer,
  standardize boolean DEFAULT true, id_col text DEFAULT 'cartodb_id')
RETURNS TABLE (cluster_label text, cluster_center json, silhouettes numeric, inertia numeric, rowid bigint)
LANGUAGE sql BEGIN ATOMIC
  SELECT r.cluster_no::text,
         (SELECT json_object_agg(c.name, center->('x' || c.place) ORDER BY c.place)
            FROM unnest(colnames) WITH ORDINALITY c (name, place)),
         r.silhouette, (a.summary->>'inertia')::numeric, r.id
    FROM cdb_crankshaft._ask('kmeans',
           cdb_crankshaft._rows(query, id_col, NULL, colnames, cdb_crankshaft._names(colnames)),
           jsonb_build_object('id', 'id', 'columns', cdb_crankshaft._names(colnames), 'k', no_clusters,
             'standardize', standardize) || cdb_crankshaft._seed(), '{inertia,centers,standardized_centers}') a,
         jsonb_to_record(a.answer) AS r (id bigint, cluster_no integer, silhouette numeric),
         LATERAL (SELECT (a.summary->CASE WHEN standardize THEN 'standardized_centers' ELSE 'centers' END)
           ->r.cluster_no) c (center);
END;
