-- The name that shares most letter pairs with a mistyped one, if any is close; nothing is close to what is longer than
-- any name. As src/nearest.ts.
CREATE OR REPLACE FUNCTION driveshaft.nearest(name text, names text[]) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH pairs AS (
    SELECT DISTINCT word, place, substr(' ' || lower(word) || ' ', i, 2) AS pair
      FROM (SELECT name AS word, 0::bigint AS place WHERE length(name) <= 63
            UNION ALL SELECT * FROM unnest(names) WITH ORDINALITY) words,
           generate_series(1, length(word) + 1) i
  ), scores AS (
    SELECT c.word, c.place, 2.0 * count(w.pair) / (count(*) + (SELECT count(*) FROM pairs WHERE place = 0)) AS score
      FROM pairs c LEFT JOIN pairs w ON w.place = 0 AND w.pair = c.pair
     WHERE c.place > 0
     GROUP BY c.word, c.place
  )
  SELECT word FROM scores WHERE score > 0.3 ORDER BY score DESC, place LIMIT 1
$$;

GRANT EXECUTE ON FUNCTION driveshaft.nearest TO PUBLIC;
