-- Voronoi cells of points, made in Web Mercator and clipped to the least circle around the points, whose radius grows
-- by the share `buffer`. Null for fewer than two different points.
CREATE OR REPLACE FUNCTION cdb_crankshaft.cdb_voronoi(geomin geometry[], buffer numeric DEFAULT 0.5,
  tolerance numeric DEFAULT 1e-9) RETURNS geometry
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, :"postgis", pg_temp SET jit = off AS $$
DECLARE
  points geometry;
  center geometry;
  radius float8;
  circle geometry;
BEGIN
  PERFORM cdb_crankshaft._check_points(geomin);
  PERFORM cdb_crankshaft._check_range('buffer', buffer, 0, 100);
  PERFORM cdb_crankshaft._check_range('tolerance', tolerance, 0, 1e7);
  points := (SELECT ST_Collect(cdb_crankshaft._mercator(p)) FROM unnest(geomin) p);
  SELECT c.center, c.radius INTO center, radius FROM ST_MinimumBoundingRadius(points) c WHERE c.radius > 0;
  IF radius IS NULL THEN
    RETURN NULL;
  END IF;
  -- a polygon of 128 corners whose sides touch the circle, so that all points are inside
  circle := ST_Buffer(center, radius * (1 + buffer::float8) / cos(pi() / 128), 32);
  -- GEOS fails at points on a line upwards and in some lattices; three points far away, whose own cells are outside,
  -- keep it from that
  RETURN (
    SELECT ST_ForceCollection(ST_Collect(ST_Transform(
        CASE WHEN ST_Covers(circle, c.geom) THEN c.geom ELSE ST_Intersection(c.geom, circle) END, 4326)))
      FROM ST_Dump(ST_VoronoiPolygons(ST_Collect(ARRAY[points, ST_Translate(center, -1000 * radius, -700 * radius),
          ST_Translate(center, 1100 * radius, -800 * radius), ST_Translate(center, 100 * radius, 900 * radius)]),
        tolerance::float8, circle)) c
     WHERE ST_Intersects(circle, c.geom));
END $$;
