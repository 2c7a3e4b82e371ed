-- Refuses a column for the result whose type would run code of others as the table is filled; as
-- src/job/choose-columns.ts.
CREATE OR REPLACE FUNCTION driveshaft.check_carried(name text, type oid) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  inner_type regtype := driveshaft.domain_within(type);
BEGIN
  IF inner_type IS NOT NULL THEN
    PERFORM driveshaft.refuse('WRONG_COLUMN_TYPE',
      format('the column "%s" is of type %s, which holds the type %s, ', name, format_type(type, NULL), inner_type)
        || 'whose functions would run as the result is written',
      'Cast it in the query, such as to text or to an array of what the domain is made of.');
  END IF;
END $$;

GRANT EXECUTE ON FUNCTION driveshaft.check_carried TO PUBLIC;
