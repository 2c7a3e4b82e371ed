-- Refuses a target that cannot be written: one that exists, unless it is to be replaced, is the requester's own result,
-- and has nothing attached that a new table would lose unseen. As the invoker; when asked, before computing, and before
-- the swap.
CREATE OR REPLACE FUNCTION driveshaft.check_target(target text, overwrite boolean) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  standing regclass := to_regclass(target);
  named text[] := parse_ident(target);
  attached text;
BEGIN
  IF standing IS NULL THEN
    -- a table brings a type of its name along; the array types that the server named get out of its way
    IF EXISTS (SELECT FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
                WHERE n.nspname = named[1] AND t.typname = named[2]
                  AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)) THEN
      PERFORM driveshaft.refuse('TARGET_EXISTS', format('%s exists already, and is a type', target),
        'Name another target: a table has a type of its name.');
    END IF;
    RETURN;
  END IF;
  IF NOT overwrite THEN
    PERFORM driveshaft.refuse('TARGET_EXISTS', format('the target %s exists already', target),
      'Name another target, drop it first, or give "overwrite": true to replace a result of your own.');
  END IF;
  IF driveshaft.is_own_result(standing, target) IS NOT TRUE THEN
    PERFORM driveshaft.refuse('TARGET_EXISTS',
      format('the target %s exists already and is no result of %s', target, current_user),
      'overwrite replaces results of your own only. Name another target, or drop it first.');
  END IF;
  SELECT string_agg(name, ', ') INTO attached FROM driveshaft.standing_on(standing) name;
  IF attached IS NOT NULL THEN
    PERFORM driveshaft.refuse('TARGET_IN_USE',
      format('the target %s cannot be replaced, since these stand on it: %s', target, attached),
      'Drop them first, or name another target.');
  END IF;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.check_target TO PUBLIC;
