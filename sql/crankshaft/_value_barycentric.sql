-- The value at a point in the Delaunay triangle around it, else -888.888, or null where there are no points. Of
-- triangles that share the point the one in which it is deepest is taken, so that rounding cannot leave it between two.
CREATE OR REPLACE FUNCTION cdb_crankshaft._value_barycentric(geomin geometry[], colin numeric[], point geometry)
  RETURNS numeric
LANGUAGE sql STABLE PARALLEL SAFE SET jit = off
BEGIN ATOMIC
  SELECT coalesce((
    SELECT b.value::numeric
      -- crankshaft took points nearer than this for one
      FROM cdb_crankshaft._triangles(geomin, colin, CASE WHEN cdb_crankshaft._bugs() THEN 0.001 ELSE 0 END) t,
        cdb_crankshaft._barycentric(ST_X(point), ST_Y(point), t.x1, t.y1, t.value1, t.x2, t.y2, t.value2,
          t.x3, t.y3, t.value3) b
     -- a point on the hull may be outside by the rounding of its coordinates
     WHERE t.geom && point AND (b.depth > -1e-9
       OR ST_Distance(t.geom, point) < 4e-16 * greatest(abs(ST_X(point)), abs(ST_Y(point))))
     ORDER BY b.depth DESC LIMIT 1),
    CASE WHEN EXISTS (SELECT FROM cdb_crankshaft._samples(geomin, colin)) THEN -888.888 END);
END;
