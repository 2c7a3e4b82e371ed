-- The first type inside a type, at any depth, whose values run code that others may write: a domain, whose checks run
-- when a table is filled, or a range with a function of its own for differences, which its indexes call. A domain
-- itself is sent as what it is made of, so only that counts. As src/postgres/types.ts.
CREATE OR REPLACE FUNCTION driveshaft.domain_within(type oid) RETURNS regtype
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE parts (type, depth) AS (
    SELECT (driveshaft.base_type(type)).oid, 0
    UNION
    SELECT inner_type, p.depth + 1 FROM parts p JOIN pg_type t ON t.oid = p.type, LATERAL (
      SELECT t.typelem UNION ALL SELECT t.typbasetype
      UNION ALL SELECT r.rngsubtype FROM pg_range r WHERE r.rngtypid = t.oid
      UNION ALL SELECT r.rngtypid FROM pg_range r WHERE r.rngmultitypid = t.oid
      UNION ALL SELECT a.atttypid FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0
        AND NOT a.attisdropped
    ) inner_types (inner_type) WHERE inner_type <> 0
  )
  SELECT t.oid FROM parts p JOIN pg_type t ON t.oid = p.type
   WHERE t.typtype = 'd' OR EXISTS (
     SELECT FROM pg_range r JOIN pg_proc f ON f.oid = r.rngsubdiff JOIN pg_language l ON l.oid = f.prolang
      WHERE r.rngtypid = t.oid AND l.lanname NOT IN ('internal', 'c'))
   ORDER BY p.depth, t.oid LIMIT 1
$$;

GRANT EXECUTE ON FUNCTION driveshaft.domain_within TO PUBLIC;
