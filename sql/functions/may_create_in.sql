-- Whether the invoker may keep a table in a schema. Not in one of temporary tables, which are another session's than
-- the worker's.
CREATE OR REPLACE FUNCTION driveshaft.may_create_in(schema name) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM pg_namespace n WHERE n.nspname = schema AND n.nspname !~ '^pg_temp'
    AND has_schema_privilege(n.oid, 'CREATE') AND has_schema_privilege(n.oid, 'USAGE'))
$$;

GRANT EXECUTE ON FUNCTION driveshaft.may_create_in TO PUBLIC;
