-- Whether making an index would run code that its table's owner or others wrote: functions and operators in a language
-- that anybody may write in, or the checks of a domain. What only superusers can make, such as PostGIS' functions, may
-- run.
CREATE OR REPLACE FUNCTION driveshaft.calls_others(index oid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM pg_depend d
      LEFT JOIN pg_operator o ON d.refclassid = 'pg_operator'::regclass AND o.oid = d.refobjid
      LEFT JOIN pg_proc p ON p.oid = CASE d.refclassid WHEN 'pg_proc'::regclass THEN d.refobjid ELSE o.oprcode END
      LEFT JOIN pg_language l ON l.oid = p.prolang
      LEFT JOIN pg_type t ON d.refclassid = 'pg_type'::regclass AND t.oid = d.refobjid
     WHERE d.classid = 'pg_class'::regclass AND d.objid = index
       AND (l.lanname NOT IN ('internal', 'c') OR t.typtype = 'd'))
$$;

GRANT EXECUTE ON FUNCTION driveshaft.calls_others TO PUBLIC;
