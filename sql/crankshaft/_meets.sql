-- Whether the boxes of two geometries meet; in place of the operator in queries made at run time, where it is inlined,
-- so that it finds the index.
CREATE OR REPLACE FUNCTION cdb_crankshaft._meets(a geometry, b geometry) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN a && b;
