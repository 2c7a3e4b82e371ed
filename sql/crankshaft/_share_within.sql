-- The share of a polygon's area that another covers; null where it has none.
CREATE OR REPLACE FUNCTION cdb_crankshaft._share_within(geom geometry, other geometry) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT (ST_Area(ST_Intersection(p, other)) / ST_Area(p))::numeric
    FROM cdb_crankshaft._polygonal(geom) p WHERE p IS NOT NULL;
END;
