-- Parameters of p-values, which are of the smaller tail, as they always were here, and of the draws they come from.
CREATE OR REPLACE FUNCTION cdb_crankshaft._draws(permutations integer) RETURNS jsonb
LANGUAGE sql STABLE BEGIN ATOMIC
  SELECT jsonb_build_object('alternative', 'directed', 'permutations', greatest(1, coalesce(permutations, 99)))
      || cdb_crankshaft._seed();
END;
