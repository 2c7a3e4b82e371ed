-- Whether a value is above a threshold.
CREATE OR REPLACE FUNCTION cdb_crankshaft.cdb_staticoutlier(column_value numeric, threshold numeric) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN column_value > threshold;
