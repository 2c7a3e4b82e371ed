-- The same where p-values can be exact, as they are then; with crankshaft's bugs they are drawn all the same.
CREATE OR REPLACE FUNCTION cdb_crankshaft._inference(permutations integer) RETURNS jsonb
LANGUAGE sql STABLE BEGIN ATOMIC
  SELECT cdb_crankshaft._draws(permutations)
      || jsonb_build_object('inference', CASE WHEN cdb_crankshaft._bugs() THEN 'permutation' ELSE 'auto' END);
END;
