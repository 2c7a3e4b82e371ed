-- The rows of a query as trees read them: `id`, `y` unless it is to be predicted, and features.
CREATE OR REPLACE FUNCTION cdb_crankshaft._featured(query text, variable text, features text[]) RETURNS text
LANGUAGE sql IMMUTABLE BEGIN ATOMIC
  SELECT concat('SELECT q.cartodb_id AS id',
      CASE WHEN variable IS NOT NULL THEN format(', q.%I::float8 AS y', variable) END,
      string_agg(format(', q.%I::float8 AS x%s', f.name, f.place), '' ORDER BY f.place),
      format(E' FROM (%s\n) q', query),
      CASE WHEN variable IS NOT NULL THEN format(' WHERE q.%I IS NOT NULL', variable) END)
    FROM unnest(features) WITH ORDINALITY f (name, place);
END;
