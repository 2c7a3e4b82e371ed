-- The version of crankshaft whose interface this schema has.
CREATE OR REPLACE FUNCTION cdb_crankshaft.cdb_crankshaft_version() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '0.9.0';
