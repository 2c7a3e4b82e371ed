-- k-means of points, as crankshaft had it: in the units of their coordinates.
CREATE OR REPLACE FUNCTION cdb_crankshaft.CDB_KMeans(query text, no_clusters integer, no_init integer DEFAULT 20)
RETURNS TABLE (cartodb_id integer, cluster_no integer)
LANGUAGE sql BEGIN ATOMIC
  SELECT r.id, r.cluster_no
    FROM cdb_crankshaft._ask('kmeans', cdb_crankshaft._rows(query, 'cartodb_id', 'the_geom', '{}', '{}'),
           jsonb_build_object('id', 'id', 'geometry', 'geometry', 'k', no_clusters, 'n_init', no_init)
             || cdb_crankshaft._seed()) a,
         jsonb_to_record(a.answer) AS r (id integer, cluster_no integer);
END;
