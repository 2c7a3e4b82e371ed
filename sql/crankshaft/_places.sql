-- Parameters that all analyses of rows with places and neighbors have.
CREATE OR REPLACE FUNCTION cdb_crankshaft._places(w_type text, num_ngbrs integer) RETURNS jsonb
LANGUAGE sql IMMUTABLE BEGIN ATOMIC
  SELECT jsonb_build_object('id', 'id', 'geometry', 'geometry', 'weights', cdb_crankshaft._weights(w_type, num_ngbrs));
END;
