-- What a table has besides its rows that a new one in its place should have too, as statements to run after the swap:
-- privileges on the table and on columns that stay, indexes, comments. As the invoker.
CREATE OR REPLACE FUNCTION driveshaft.attachments(relation oid, successor oid) RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH standing AS (
    SELECT c.*, format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = relation
  ), kept AS (
    SELECT a.attnum, a.attname, a.attacl FROM pg_attribute a JOIN pg_attribute b ON b.attrelid = successor
      AND b.attname = a.attname
     WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped AND NOT b.attisdropped
  ), granted AS (
    SELECT '' AS columns, x.* FROM standing, aclexplode(relacl) x WHERE x.grantee <> relowner
    UNION ALL
    SELECT format(' (%I)', attname), x.* FROM kept, aclexplode(attacl) x
  )
  -- what default privileges gave to the successor, and its predecessor did not have
  SELECT format('REVOKE ALL ON %s FROM %s', s.name, CASE x.grantee WHEN 0 THEN 'PUBLIC'
    ELSE quote_ident(pg_get_userbyid(x.grantee)) END)
    FROM standing s, pg_class f, aclexplode(f.relacl) x WHERE f.oid = successor AND x.grantee <> f.relowner
  UNION ALL
  SELECT format('GRANT %s%s ON %s TO %s%s', g.privilege_type, g.columns, s.name,
    CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END,
    CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' END)
    FROM standing s, granted g
  UNION ALL
  SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i
   WHERE i.indrelid = relation AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
  UNION ALL
  SELECT format('COMMENT ON COLUMN %s.%I IS %L', s.name, k.attname, d.description) FROM standing s, kept k,
    pg_description d
   WHERE d.classoid = 'pg_class'::regclass AND d.objoid = relation AND d.objsubid = k.attnum
$$;

GRANT EXECUTE ON FUNCTION driveshaft.attachments TO PUBLIC;
