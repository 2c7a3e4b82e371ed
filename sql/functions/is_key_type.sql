-- Whether a type can be that of a primary key: it has an order, of its own or as an array, enum, range or row.
CREATE OR REPLACE FUNCTION driveshaft.is_key_type(type pg_type) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT type.typtype <> 'p' AND EXISTS (SELECT FROM pg_opclass c JOIN pg_am m ON m.oid = c.opcmethod
                  WHERE m.amname = 'btree' AND c.opcdefault
                    AND (c.opcintype IN (type.oid, CASE type.typtype
                            WHEN 'e' THEN 'anyenum'::regtype WHEN 'r' THEN 'anyrange'::regtype
                            WHEN 'm' THEN 'anymultirange'::regtype WHEN 'c' THEN 'record'::regtype END)
                         OR type.typcategory = 'A' AND type.typelem <> 0 AND c.opcintype = 'anyarray'::regtype
                         -- varchar uses the order of text
                         OR EXISTS (SELECT FROM pg_cast b WHERE b.castsource = type.oid AND b.casttarget = c.opcintype
                           AND b.castmethod = 'b' AND b.castcontext = 'i')))
$$;

GRANT EXECUTE ON FUNCTION driveshaft.is_key_type TO PUBLIC;
