-- Whether a table is a result that was published for the invoker under this name: by the catalogue, since names and
-- comments may be anybody's.
CREATE OR REPLACE FUNCTION driveshaft.is_own_result(relation oid, target text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM driveshaft.results r JOIN pg_class c ON c.oid = r.relation
    JOIN pg_roles o ON o.oid = c.relowner
                  WHERE r.relation = is_own_result.relation AND r.target = is_own_result.target
                    AND r.requester = current_user
                    AND r.requester_id = o.oid AND o.rolname = current_user AND c.relkind = 'r')
$$;

GRANT EXECUTE ON FUNCTION driveshaft.is_own_result TO PUBLIC;
