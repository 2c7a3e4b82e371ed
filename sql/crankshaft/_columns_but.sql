-- The columns of a query but some, in their order. The query is planned, and run for no row.
CREATE OR REPLACE FUNCTION cdb_crankshaft._columns_but(query text, others text[],
  path text DEFAULT current_setting('search_path')) RETURNS text[]
LANGUAGE sql BEGIN ATOMIC
  SELECT array_agg(c.name ORDER BY c.place)
    FROM driveshaft.query_columns(query, path) q, unnest(q.names) WITH ORDINALITY c (name, place)
   WHERE c.name <> ALL (others);
END;
