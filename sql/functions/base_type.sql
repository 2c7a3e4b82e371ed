-- The type that a domain is made of; any other type itself.
CREATE OR REPLACE FUNCTION driveshaft.base_type(type oid) RETURNS pg_type
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  base pg_type;
BEGIN
  LOOP
    SELECT * INTO base FROM pg_type t WHERE t.oid = type;
    EXIT WHEN base.typtype IS DISTINCT FROM 'd';
    type := base.typbasetype;
  END LOOP;
  RETURN base;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.base_type TO PUBLIC;
