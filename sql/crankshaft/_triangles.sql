-- Delaunay triangles of points, with the places and values of their corners; the value of coincident points is their
-- mean. GEOS loses triangles along the hull that are flatter than its frame allows, so three points far away widen it;
-- triangles with these as corners drop out, as they have no value.
CREATE OR REPLACE FUNCTION cdb_crankshaft._triangles(geomin geometry[], colin numeric[],
    tolerance double precision DEFAULT 0)
  RETURNS TABLE (geom geometry, x1 double precision, y1 double precision, value1 numeric,
    x2 double precision, y2 double precision, value2 numeric, x3 double precision, y3 double precision, value3 numeric)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET jit = off
BEGIN ATOMIC
  WITH samples AS MATERIALIZED (
    SELECT ST_X(s.geom) AS x, ST_Y(s.geom) AS y, avg(s.value) AS value, min(ST_SRID(s.geom)) AS srid
      FROM cdb_crankshaft._samples(geomin, colin) s GROUP BY ST_X(s.geom), ST_Y(s.geom)
  ), extent AS (
    SELECT ST_Collect(ST_Point(x, y)) AS points, min(srid) AS srid, min(x) / 2 + max(x) / 2 AS x,
        min(y) / 2 + max(y) / 2 AS y, 1e6 * greatest(max(x) - min(x), max(y) - min(y)) AS far
      FROM samples
  ), triangles AS (
    SELECT ST_SetSRID(d.geom, e.srid) AS geom, ST_ExteriorRing(d.geom) AS ring
      FROM extent e, ST_Dump(ST_DelaunayTriangles(ST_Collect(ARRAY[e.points, ST_Point(e.x - e.far, e.y - e.far),
        ST_Point(e.x + e.far, e.y - e.far), ST_Point(e.x, e.y + e.far)]), tolerance, 0)) d
  )
  SELECT t.geom, a.x, a.y, a.value, b.x, b.y, b.value, c.x, c.y, c.value
    FROM triangles t
    JOIN samples a ON a.x = ST_X(ST_PointN(t.ring, 1)) AND a.y = ST_Y(ST_PointN(t.ring, 1))
    JOIN samples b ON b.x = ST_X(ST_PointN(t.ring, 2)) AND b.y = ST_Y(ST_PointN(t.ring, 2))
    JOIN samples c ON c.x = ST_X(ST_PointN(t.ring, 3)) AND c.y = ST_Y(ST_PointN(t.ring, 3));
END;
