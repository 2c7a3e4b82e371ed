-- What a new table in the place of this one would lose, or what would keep this one from being dropped, by name.
-- Whatever depends on it counts, except what every table has and what attachments() makes anew.
CREATE OR REPLACE FUNCTION driveshaft.standing_on(relation oid) RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH row_types AS (
    SELECT t.oid, t.typarray FROM pg_type t WHERE t.typrelid = relation
  ), dependents AS (
    SELECT DISTINCT d.classid, d.objid, d.objsubid FROM pg_depend d
     WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = relation
        OR d.refclassid = 'pg_type'::regclass AND d.refobjid IN (SELECT unnest(ARRAY[oid, typarray]) FROM row_types)
  )
  SELECT pg_describe_object(d.classid, d.objid, d.objsubid) FROM dependents d
    LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
   WHERE NOT CASE d.classid
     WHEN 'pg_class'::regclass THEN c.relkind = 't' OR c.relkind = 'i' AND NOT driveshaft.calls_others(d.objid)
     WHEN 'pg_constraint'::regclass THEN (SELECT k.contype IN ('p', 'n') FROM pg_constraint k WHERE k.oid = d.objid)
     WHEN 'pg_trigger'::regclass THEN (SELECT t.tgisinternal FROM pg_trigger t WHERE t.oid = d.objid)
     WHEN 'pg_type'::regclass THEN d.objid IN (SELECT unnest(ARRAY[oid, typarray]) FROM row_types)
     ELSE false
   END
  UNION
  SELECT concat('its place in ', pg_describe_object('pg_class'::regclass, h.inhparent, 0)) FROM pg_inherits h
    WHERE h.inhrelid = relation
  UNION
  SELECT 'row security' FROM pg_class c WHERE c.oid = relation AND c.relrowsecurity
$$;

GRANT EXECUTE ON FUNCTION driveshaft.standing_on TO PUBLIC;
