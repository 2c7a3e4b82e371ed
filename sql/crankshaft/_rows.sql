-- The rows of a query as analyses read them: `id`, `geometry` unless there is none, and numbers under the names that
-- are given. Rows without a place or one of the numbers are left out, but for those of the column `open`, and rows
-- where the column `base` is 0.
CREATE OR REPLACE FUNCTION cdb_crankshaft._rows(subquery text, id_col text, geom_col text, columns text[], names text[],
  base text DEFAULT NULL, open text DEFAULT NULL) RETURNS text
LANGUAGE sql IMMUTABLE BEGIN ATOMIC
  SELECT concat(format('SELECT q.%I AS id', id_col),
      CASE WHEN geom_col IS NOT NULL THEN format(', q.%I AS geometry', geom_col) END,
      string_agg(format(', q.%I::float8 AS %I', c.name, names[c.place]), '' ORDER BY c.place)
        FILTER (WHERE c.name IS NOT NULL),
      format(E' FROM (%s\n) q WHERE true', subquery),
      CASE WHEN geom_col IS NOT NULL THEN format(' AND q.%I IS NOT NULL', geom_col) END,
      string_agg(format(' AND q.%I IS NOT NULL', c.name), '' ORDER BY c.place)
        FILTER (WHERE c.name <> coalesce(open, '')),
      CASE WHEN base IS NOT NULL THEN format(' AND q.%I <> 0', base) END)
    FROM (SELECT) one LEFT JOIN unnest(columns) WITH ORDINALITY c (name, place) ON true;
END;
