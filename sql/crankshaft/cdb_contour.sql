-- Where interpolated values are in one class: as many polygons as there are classes, which tile the convex hull of the
-- points, widened by the share `buffer` of its longer side. `intmethod` is that of CDB_SpatialInterpolation;
-- barycentric values end at the points' own hull. `classmethod` is 0 for equal intervals, 1 for heads and tails, 2 for
-- natural breaks and another for quantiles; `bin` counts from 0. Values are those at the centers of square cells in Web
-- Mercator, of what is inside the hull of them. `max_time` is the side of a cell in meters where it is above 0; below,
-- the seconds that it may take, of which the number of cells is made; 0 is -90. Its default, in crankshaft's
-- documentation a minute in milliseconds and in crankshaft cells of 60 km, is a minute.
CREATE OR REPLACE FUNCTION cdb_crankshaft.cdb_contour(geomin geometry[], colin numeric[], buffer numeric,
    intmethod integer, classmethod integer, steps integer, max_time integer DEFAULT 60000)
  RETURNS TABLE (the_geom geometry, bin integer, min_value numeric, max_value numeric, avg_value numeric)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, :"postgis", pg_temp SET jit = off AS $$
DECLARE
  seconds bigint := CASE WHEN max_time < 0 THEN -max_time::bigint WHEN max_time = 0 THEN 90
    WHEN max_time = 60000 AND NOT cdb_crankshaft._bugs() THEN 60 END;
  points geometry[];
  numbers numeric[];
  hull geometry;
  size float8;
  columns integer[];
  rows integer[];
  found numeric[];
  edges numeric[];
BEGIN
  PERFORM cdb_crankshaft._check_range('buffer', buffer, 0, 10);
  PERFORM cdb_crankshaft._check_range('intmethod', intmethod, 0, 2);
  PERFORM cdb_crankshaft._check_range('steps', steps, 1, 1000);
  SELECT array_agg(cdb_crankshaft._mercator(s.geom) ORDER BY s.place), array_agg(s.value ORDER BY s.place)
    INTO points, numbers FROM cdb_crankshaft._samples(geomin, colin) s;
  hull := ST_ConvexHull(ST_Collect(points));
  IF intmethod <> 1 THEN
    hull := ST_Buffer(hull, buffer::float8 * greatest(ST_XMax(hull) - ST_XMin(hull), ST_YMax(hull) - ST_YMin(hull)));
  END IF;
  IF points IS NULL OR ST_Area(hull) = 0 THEN
    RETURN;
  END IF;
  -- in a second a slow machine has 500 cells, or as many as make 200,000 pairs with the points
  size := CASE WHEN seconds IS NULL THEN max_time ELSE sqrt(ST_Area(hull) / least(50000, greatest(100,
    seconds * CASE intmethod WHEN 1 THEN 500 ELSE 200000.0 / cardinality(points) END))) END;
  IF ST_Area(ST_Envelope(hull)) / size ^ 2 > 1e6 THEN
    PERFORM driveshaft.refuse('INVALID_PARAMETER', format('max_time is %s, so cells of %s m would be %s', max_time,
        size, round(ST_Area(ST_Envelope(hull)) / size ^ 2)),
      format('At most 1,000,000 are made: give %s or more.', ceil(sqrt(ST_Area(ST_Envelope(hull)) / 1e6))));
  END IF;
  WITH samples AS MATERIALIZED (
    SELECT s.point, s.number::float8, s.place FROM ROWS FROM (unnest(points), unnest(numbers)) WITH ORDINALITY
      s (point, number, place)
  ), parts AS MATERIALIZED (
    SELECT g.i, g.j, CASE WHEN ST_Covers(hull, g.geom) THEN g.geom ELSE ST_Intersection(hull, g.geom) END AS part
      FROM ST_SquareGrid(size, hull) g WHERE ST_Intersects(hull, g.geom)
  ), cells AS MATERIALIZED (
    SELECT i, j, ST_Centroid(part) AS center FROM parts WHERE ST_Area(part) > 0
  ), triangles AS MATERIALIZED (
    SELECT t.* FROM cdb_crankshaft._triangles(points, numbers) t WHERE intmethod = 1
  ), valued AS (
    SELECT c.i, c.j, (SELECT s.number FROM samples s ORDER BY ST_Distance(s.point, c.center), s.place LIMIT 1) AS value
      FROM cells c WHERE intmethod = 0
    UNION ALL
    -- of triangles whose box meets the cell, that in which the center is deepest
    (SELECT DISTINCT ON (c.i, c.j) c.i, c.j, b.value
      FROM triangles t CROSS JOIN LATERAL ST_SquareGrid(size, t.geom) g JOIN cells c ON c.i = g.i AND c.j = g.j
        CROSS JOIN LATERAL cdb_crankshaft._barycentric(ST_X(c.center), ST_Y(c.center),
          t.x1, t.y1, t.value1, t.x2, t.y2, t.value2, t.x3, t.y3, t.value3) b
     ORDER BY c.i, c.j, b.depth DESC NULLS LAST)
    UNION ALL
    SELECT c.i, c.j, idw.value
      FROM cells c CROSS JOIN LATERAL (
        SELECT coalesce(avg(s.number) FILTER (WHERE d = 0),
            sum(s.number / nullif(d, 0)) / sum(1 / nullif(d, 0))) AS value
          FROM (SELECT number, ST_Distance(point, c.center) AS d FROM samples OFFSET 0) s) idw
     WHERE intmethod = 2
  )
  SELECT array_agg(i), array_agg(j), array_agg(value::numeric) INTO columns, rows, found FROM valued;
  edges := CASE classmethod
    WHEN 0 THEN cdb_crankshaft.cdb_equalintervalbins(found, steps)
    WHEN 1 THEN cdb_crankshaft.cdb_headstailsbins(found, steps)
    WHEN 2 THEN cdb_crankshaft.cdb_jenksbins(found, steps)
    ELSE cdb_crankshaft.cdb_quantilebins(found, steps) END;
  RETURN QUERY
    WITH cells AS (
      SELECT c.i, c.j, c.value, (SELECT count(*) FROM unnest(edges) e WHERE e < c.value)::integer AS class
        FROM ROWS FROM (unnest(columns), unnest(rows), unnest(found)) c (i, j, value)
    ), runs AS (
      -- cells side by side are one rectangle
      SELECT class, j, min(i) AS first, max(i) AS last, min(value) AS low, max(value) AS high, sum(value) AS total,
          count(*) AS number
        FROM (SELECT *, i - row_number() OVER (PARTITION BY class, j ORDER BY i) AS run FROM cells) c
       GROUP BY class, j, run
    )
    SELECT ST_Transform(ST_Multi(ST_CollectionExtract(ST_Intersection(hull, ST_Union(ST_MakeEnvelope(size * first,
        size * j, size * (last + 1), size * (j + 1), 3857))), 3)), 4326), class, min(low), max(high),
        sum(total) / sum(number)
      FROM runs GROUP BY class ORDER BY class;
END $$;
