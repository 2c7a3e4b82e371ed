-- Refuses a target that cannot be written: one that exists, unless it is to be replaced, is the requester's own result, and
-- has nothing attached that a new table would lose unseen. As the invoker; when asked, before computing, and before the swap.
CREATE OR REPLACE FUNCTION driveshaft.check_target(target text, overwrite boolean) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  standing regclass := to_regclass(target);
  attached text;
BEGIN
  IF standing IS NULL THEN
    RETURN;
  END IF;
  IF NOT overwrite THEN
    PERFORM driveshaft.refuse('TARGET_EXISTS', format('the target %s exists already', target),
      'Name another target, drop it first, or give "overwrite": true to replace a result of your own.');
  END IF;
  IF NOT EXISTS (SELECT FROM driveshaft.results r JOIN pg_class c ON c.oid = r.relation JOIN pg_roles o ON o.oid = c.relowner
                  WHERE r.relation = standing AND r.target = check_target.target AND r.requester = current_user
                    AND o.rolname = current_user AND c.relkind = 'r') THEN
    PERFORM driveshaft.refuse('TARGET_EXISTS', format('the target %s exists already and is no result of %s', target, current_user),
      'overwrite replaces results of your own only. Name another target, or drop it first.');
  END IF;
  SELECT string_agg(DISTINCT pg_describe_object(d.classid, d.objid, 0), ', ') INTO attached
    FROM pg_depend d LEFT JOIN pg_constraint k ON d.classid = 'pg_constraint'::regclass AND k.oid = d.objid
   WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = standing
     AND (d.classid IN ('pg_rewrite'::regclass, 'pg_policy'::regclass, 'pg_publication_rel'::regclass, 'pg_statistic_ext'::regclass, 'pg_proc'::regclass)
          OR d.classid = 'pg_trigger'::regclass AND EXISTS (SELECT FROM pg_trigger t WHERE t.oid = d.objid AND NOT t.tgisinternal)
          OR k.contype NOT IN ('p', 'n'));
  IF attached IS NULL AND (SELECT relrowsecurity FROM pg_class WHERE oid = standing) THEN
    attached := 'row security';
  END IF;
  IF attached IS NOT NULL THEN
    PERFORM driveshaft.refuse('TARGET_IN_USE', format('the target %s cannot be replaced, since these stand on it: %s', target, attached),
      'Drop them first, or name another target.');
  END IF;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.check_target TO PUBLIC;
