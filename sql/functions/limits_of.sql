-- The limits of a role: its own, or those of all.
CREATE OR REPLACE FUNCTION driveshaft.limits_of(requester name) RETURNS driveshaft.limits
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT l FROM driveshaft.limits l WHERE l.role IN (requester, 'public') ORDER BY l.role = 'public' LIMIT 1
$$;

GRANT EXECUTE ON FUNCTION driveshaft.limits_of TO PUBLIC;
