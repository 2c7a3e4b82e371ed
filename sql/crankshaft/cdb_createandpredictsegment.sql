-- A number learned from others by boosted trees, and predicted of other rows; `accuracy` is the mean squared error of
-- the rows that were held out. Three forms: of arrays, features packed row by row after their number (CDB_PyAgg); of
-- queries, from all their columns; and of queries, from some.
CREATE OR REPLACE FUNCTION cdb_crankshaft.CDB_CreateAndPredictSegment(target numeric[], features numeric[],
  target_features numeric[], target_ids numeric[],
  n_estimators integer DEFAULT 1200, max_depth integer DEFAULT 3, subsample double precision DEFAULT 0.5,
  learning_rate double precision DEFAULT 0.01, min_samples_leaf integer DEFAULT 1)
RETURNS TABLE (cartodb_id numeric, prediction numeric, accuracy numeric)
LANGUAGE sql BEGIN ATOMIC
  SELECT (s.id)::numeric, s.prediction, s.accuracy
    FROM cdb_crankshaft._segment(cdb_crankshaft._unpacked(NULL, target, features),
           cdb_crankshaft._unpacked(target_ids, NULL, target_features), features[1]::integer,
           n_estimators, max_depth, subsample, learning_rate, min_samples_leaf) s;
END;

CREATE OR REPLACE FUNCTION cdb_crankshaft.CDB_CreateAndPredictSegment(query text, variable text,
  feature_columns text[], target_query text,
  n_estimators integer DEFAULT 1200, max_depth integer DEFAULT 3, subsample double precision DEFAULT 0.5,
  learning_rate double precision DEFAULT 0.01, min_samples_leaf integer DEFAULT 1)
RETURNS TABLE (cartodb_id text, prediction numeric, accuracy numeric)
LANGUAGE sql BEGIN ATOMIC
  SELECT s.id, s.prediction, s.accuracy
    FROM cdb_crankshaft._segment(
           cdb_crankshaft._featured(query, variable, feature_columns),
           cdb_crankshaft._featured(target_query, NULL, feature_columns), cardinality(feature_columns),
           n_estimators, max_depth, subsample, learning_rate, min_samples_leaf) s;
END;

CREATE OR REPLACE FUNCTION cdb_crankshaft.CDB_CreateAndPredictSegment(query text, variable_name text,
  target_table text,
  n_estimators integer DEFAULT 1200, max_depth integer DEFAULT 3, subsample double precision DEFAULT 0.5,
  learning_rate double precision DEFAULT 0.01, min_samples_leaf integer DEFAULT 1)
RETURNS TABLE (cartodb_id text, prediction numeric, accuracy numeric)
LANGUAGE sql BEGIN ATOMIC
  SELECT s.*
    FROM cdb_crankshaft.CDB_CreateAndPredictSegment(query, variable_name,
           cdb_crankshaft._columns_but(query, ARRAY[variable_name, 'cartodb_id']), target_table,
           n_estimators, max_depth, subsample, learning_rate, min_samples_leaf) s;
END;
