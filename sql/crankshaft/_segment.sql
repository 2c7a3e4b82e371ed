-- Boosted trees of rows `id`, `y`, `x1`, ..., predicted of other rows.
CREATE OR REPLACE FUNCTION cdb_crankshaft._segment(known text, wanted text, features integer, n_estimators integer,
  max_depth integer, subsample double precision, learning_rate double precision, min_samples_leaf integer)
RETURNS TABLE (id text, prediction numeric, accuracy numeric)
LANGUAGE sql BEGIN ATOMIC
  SELECT a.answer->>'id', (a.answer->>'predicted')::numeric, (a.summary->>'mse')::numeric
    FROM cdb_crankshaft._ask('segment', known,
           jsonb_build_object('id', 'id', 'dependent', 'y', 'targets', wanted,
             'covariates', (SELECT jsonb_agg('x' || place) FROM generate_series(1, features) place),
             'n_estimators', n_estimators, 'max_depth', max_depth, 'subsample', subsample,
             'learning_rate', learning_rate, 'min_samples_leaf', min_samples_leaf) || cdb_crankshaft._seed(),
           '{mse}') a;
END;
