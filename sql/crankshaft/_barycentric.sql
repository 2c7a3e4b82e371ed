-- The value at a place from those of a triangle's corners, by barycentric weights, and the least of these, its depth:
-- below 0 the place is outside. Both are null where the corners are on a line. A table, as such functions are inlined;
-- OFFSET 0 has the weights computed once.
CREATE OR REPLACE FUNCTION cdb_crankshaft._barycentric(x double precision, y double precision,
    x1 double precision, y1 double precision, value1 numeric, x2 double precision, y2 double precision, value2 numeric,
    x3 double precision, y3 double precision, value3 numeric)
  RETURNS TABLE (value double precision, depth double precision)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
  SELECT w1 * value1::double precision + w2 * value2::double precision + w3 * value3::double precision,
      least(w1, w2, w3)
    FROM (SELECT nullif((y2 - y3) * (x1 - x3) + (x3 - x2) * (y1 - y3), 0) AS det) d,
      LATERAL (SELECT ((y2 - y3) * (x - x3) + (x3 - x2) * (y - y3)) / det AS w1,
        ((y3 - y1) * (x - x3) + (x1 - x3) * (y - y3)) / det AS w2 OFFSET 0) w,
      LATERAL (SELECT 1 - w1 - w2 AS w3) last;
END;
