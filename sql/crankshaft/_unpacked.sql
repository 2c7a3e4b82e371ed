-- The query of rows that were packed into an array, after the number of their features, with ids or a variable beside.
CREATE OR REPLACE FUNCTION cdb_crankshaft._unpacked(ids numeric[], variable numeric[], features numeric[]) RETURNS text
LANGUAGE sql IMMUTABLE BEGIN ATOMIC
  SELECT concat('SELECT ', CASE WHEN ids IS NULL THEN 'i AS id, a.y[i] AS y' ELSE 'a.ids[i] AS id' END,
      string_agg(format(', a.x[(i - 1) * %s + %s] AS x%s', features[1], place + 1, place), '' ORDER BY place),
      format(' FROM (SELECT %L::float8[] AS x, %L::numeric[] AS ids, %L::float8[] AS y) a, generate_series(1, %s) i',
        features, ids, variable, (cardinality(features) - 1) / features[1]::integer))
    FROM generate_series(1, features[1]::integer) place;
END;
