-- What crankshaft's extension would say of itself.
CREATE OR REPLACE FUNCTION cdb_crankshaft._cdb_crankshaft_internal_version() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '0.9.0';
